select
    rule,
    file,
    sample_id,
    cast(null as varchar) as question_id,
    variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(row as varchar) as first_rows,
    what as finding,
    fix as resolve_with
from {{ ref('file_problem') }}
