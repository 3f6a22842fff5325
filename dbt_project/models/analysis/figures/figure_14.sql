{{ figure(14) }}
