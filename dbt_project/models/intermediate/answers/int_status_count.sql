with status as (
    select sample_id, row, question_id, answer_status from {{ ref('int_single_answer') }}
    union all
    select sample_id, row, question_id, answer_status from {{ ref('int_multiple_status') }}
)

select
    sample_id,
    question_id,
    answer_status,
    count(*) as n,
    {{ first_values('row', 5) }} as first_rows
from status
group by sample_id, question_id, answer_status
