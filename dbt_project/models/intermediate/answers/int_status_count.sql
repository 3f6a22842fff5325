select
    sample_id,
    question_id,
    answer_status,
    count(*) as n,
    {{ first_values('row', 5) }} as first_rows
from {{ samples_of(ref('int_answer_status')) }}
group by sample_id, question_id, answer_status
