-- depends_on: {{ ref('gate') }}
select
    int_weight.respondent_id,
    choice.sample_id,
    asked.wave,
    asked.country,
    choice.question_id,
    choice.category_id,
    case when status.answer_status = 'answered' then choice.is_chosen end as chosen,
    status.answer_status,
    int_weight.weight,
    asked.comparability,
    choice.raw_variable,
    choice.raw_code
from {{ samples_of(ref('int_multiple_choice')) }} as choice
inner join {{ samples_of(ref('int_multiple_status')) }} as status
    on choice.sample_id = status.sample_id
    and choice.row = status.row
    and choice.question_id = status.question_id
inner join {{ ref('int_asked') }} as asked
    on choice.sample_id = asked.sample_id and choice.question_id = asked.question_id
inner join {{ ref('int_offered_category') }} as offered
    on choice.sample_id = offered.sample_id
    and choice.question_id = offered.question_id
    and choice.category_id = offered.category_id
inner join {{ samples_of(ref('int_weight')) }} as int_weight
    on choice.sample_id = int_weight.sample_id and choice.row = int_weight.row
order by choice.sample_id, choice.row, asked.question_order, offered.category_order
