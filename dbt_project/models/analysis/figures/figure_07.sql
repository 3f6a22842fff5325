{{ figure(7) }}
