{{ figure(12) }}
