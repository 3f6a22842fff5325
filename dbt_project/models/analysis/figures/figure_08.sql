{{ figure(8) }}
