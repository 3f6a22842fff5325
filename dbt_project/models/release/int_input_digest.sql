{{ aspect_digests('inputs') }}
