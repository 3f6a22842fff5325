{{ figure(15) }}
