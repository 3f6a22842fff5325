select
    rule,
    cast(null as varchar) as file,
    sample_id,
    question_id,
    variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    n,
    cast(null as varchar) as first_rows,
    finding,
    resolve_with
from {{ ref('series_finding') }}
