-- The columns follow the seeds of the models, so a new term is a new row there and nothing here.
{% set questions = model_questions() %}
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
)

select *
from given
pivot (max(given) for question_id in (
    {% for question in questions -%}
    '{{ question }}' as q_{{ question }}{{ ',' if not loop.last }}
    {% else -%}
    '' as q_none
    {% endfor %}
))
