-- The columns follow the seeds of the models, so a new term is a new row there and nothing here.
{% set questions = model_questions() %}
select
    fact.respondent_id,
    fact.sample_id,
    fact.wave,
    fact.country,
    sample.series,
    fact.weight
{% for question in questions -%}
    , max(fact.answer_status || ':' || coalesce(fact.category_id, cast(fact.value as string), '')) filter (where fact.question_id = '{{ question }}') as "q_{{ question }}"
    {% endfor %}
from {{ samples_of(ref('fct_response')) }} as fact
inner join {{ ref('dim_sample') }} as sample on fact.sample_id = sample.sample_id
where fact.question_id in ('{{ questions | join("', '") }}')
group by fact.respondent_id, fact.sample_id, fact.wave, fact.country, sample.series, fact.weight
