select
    sample_id,
    question_id,
    variable,
    layout,
    code,
    category_id,
    missing_type,
    number,
    value,
    count(*) as n,
    min(row) as first_row,
    max(row) as last_row,
    {{ first_values('row', 5) }} as first_rows
from {{ samples_of(ref('int_answer')) }}
group by sample_id, question_id, variable, layout, code, category_id, missing_type, number, value
