{{ figure(2) }}
