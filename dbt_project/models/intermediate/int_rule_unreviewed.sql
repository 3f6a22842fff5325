select
    'unreviewed_row' as rule,
    '{{ seed_file("variables") }}' as file,
    sample_id,
    question_id,
    variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    'a program proposed what the column holds, and no person has accepted it' as finding,
    {{ seed_line('variables', 'variables', {'review': "'reviewed'"}) }} as resolve_with
from {{ ref('variables') }} as variables
where review = 'proposed'
