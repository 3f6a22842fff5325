-- depends_on: {{ ref('gate') }}
select
    int_weight.respondent_id,
    int_single_answer.sample_id,
    asked.wave,
    asked.country,
    int_single_answer.question_id,
    case when int_single_answer.answer_status <> 'skipped' then int_single_answer.category_id end as category_id,
    int_single_answer.position,
    int_single_answer.net,
    int_single_answer.value,
    int_single_answer.answer_status,
    int_weight.weight,
    asked.comparability,
    int_single_answer.variable as raw_variable,
    int_single_answer.raw_code
from {{ samples_of(ref('int_single_answer')) }} as int_single_answer
inner join {{ ref('int_asked') }} as asked
    on int_single_answer.sample_id = asked.sample_id and int_single_answer.question_id = asked.question_id
inner join {{ samples_of(ref('int_weight')) }} as int_weight
    on int_single_answer.sample_id = int_weight.sample_id and int_single_answer.row = int_weight.row
