select
    sample_id,
    row,
    question_id,
    variable,
    raw_code,
    number,
    value,
    category_id,
    position,
    net,
    missing_type,
    coalesce(missing_type, 'answered') as answer_status
from {{ ref('int_answer') }}
where layout in ('single', 'number', 'birth_year')
