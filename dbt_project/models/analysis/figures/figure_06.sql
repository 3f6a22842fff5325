{{ figure(6) }}
