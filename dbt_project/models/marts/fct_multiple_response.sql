-- depends_on: {{ ref('gate') }}
-- Most have answered, and who has not is sooner found among few.
with not_answered as (
    select sample_id, row, question_id, answer_status
    from {{ samples_of(ref('int_multiple_status')) }}
    where answer_status <> 'answered'
)

select
    int_weight.respondent_id,
    choice.sample_id,
    asked.wave,
    asked.country,
    choice.question_id,
    choice.category_id,
    case when not_answered.answer_status is null then choice.is_chosen end as chosen,
    coalesce(not_answered.answer_status, 'answered') as answer_status,
    int_weight.weight,
    asked.comparability,
    choice.raw_variable,
    choice.raw_code
from {{ samples_of(ref('int_multiple_choice')) }} as choice
left join not_answered
    on choice.sample_id = not_answered.sample_id
    and choice.row = not_answered.row
    and choice.question_id = not_answered.question_id
inner join {{ ref('int_asked') }} as asked
    on choice.sample_id = asked.sample_id and choice.question_id = asked.question_id
inner join {{ samples_of(ref('int_weight')) }} as int_weight
    on choice.sample_id = int_weight.sample_id and choice.row = int_weight.row
