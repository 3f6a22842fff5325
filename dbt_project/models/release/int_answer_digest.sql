{{ aspect_digests('respondents') }}
