select
    'unreviewed_row' as rule,
    cast(null as varchar) as file,
    sample_id,
    question_id,
    variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    'a program proposed what the column holds, and no person has accepted it' as finding,
    'crosswalk/variables.csv: check the row ' || sample_id || ',' || variable || ' and set review to reviewed'
    as resolve_with
from {{ ref('variables') }}
where review = 'proposed'
