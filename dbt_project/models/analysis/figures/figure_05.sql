{{ figure(5) }}
