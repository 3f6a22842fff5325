{{ figure(9) }}
