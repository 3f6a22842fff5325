{{ figure(13) }}
