{{ figure(3) }}
