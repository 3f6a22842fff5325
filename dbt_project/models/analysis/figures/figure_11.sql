{{ figure(11) }}
