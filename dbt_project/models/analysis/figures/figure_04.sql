{{ figure(4) }}
