{{ figure(16) }}
