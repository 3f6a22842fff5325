-- depends_on: {{ ref('gate') }}
with per_question as (
    select
        sample_id,
        question_id,
        cast(sum(n) filter (where answer_status <> 'skipped') as bigint) as n_asked,
        cast(sum(n) filter (where answer_status = 'answered') as bigint) as n_answered
    from {{ ref('int_status_count') }}
    group by sample_id, question_id
)

select
    questions.question_id,
    samples.sample_id,
    samples.wave,
    samples.country,
    asked.question_id is not null as asked,
    coalesce(per_question.n_asked, 0) as n_asked,
    coalesce(per_question.n_answered, 0) as n_answered,
    case when asked.question_id is null then 'not_asked' else asked.comparability end as comparability,
    asked.referent,
    asked.universe,
    asked.question_number,
    asked.variables
from {{ ref('questions') }} as questions
cross join {{ ref('samples') }} as samples
left join {{ ref('int_asked') }} as asked
    on questions.question_id = asked.question_id and samples.sample_id = asked.sample_id
left join per_question
    on questions.question_id = per_question.question_id and samples.sample_id = per_question.sample_id
order by questions.question_id, samples.sample_id
