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
    , max(answer_status || ':' || coalesce(category_id, cast(value as string), '')) filter (where question_id = '{{ question }}') as "q_{{ question }}"
    {% endfor %}
from {{ ref('fct_response') }} as fact
inner join {{ ref('dim_sample') }} as sample on fact.sample_id = sample.sample_id
where question_id in ('{{ questions | join("', '") }}')
group by fact.respondent_id, fact.sample_id, fact.wave, fact.country, sample.series, fact.weight
