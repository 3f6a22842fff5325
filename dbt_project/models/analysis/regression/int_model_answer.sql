-- The columns follow the seeds of the models, so a new term is a new row there and nothing here.
{% set questions = model_questions() %}
-- The linter does not know the questions, so that to it the layout is another.
-- noqa: disable=LT02
with given as (
    select
        fact.respondent_id,
        fact.sample_id,
        fact.wave,
        fact.country,
        sample.series,
        fact.weight,
        fact.question_id,
        fact.answer_status || ':' || coalesce(fact.category_id, cast(fact.value as string), '') as given
    from {{ samples_of(ref('fct_response')) }} as fact
    inner join {{ ref('dim_sample') }} as sample on fact.sample_id = sample.sample_id
    where fact.question_id in ('{{ questions | join("', '") }}')
),

answer as (
    select *
    from given
    pivot (max(given) for question_id in ('{{ questions | join("', '") }}'))
)

select
    respondent_id,
    sample_id,
    wave,
    country,
    series,
    weight
    {%- for question in questions %}
    , {{ question }} as q_{{ question }}
    {%- endfor %}
from answer
