{{ figure(10) }}
