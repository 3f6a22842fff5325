{{ figure(1) }}
