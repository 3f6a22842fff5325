-- The columns follow the seeds of the models, so a new term is a new row there and nothing here.
{% set questions = model_questions() %}
select
    respondent_id,
    sample_id,
    wave,
    country,
    weight
{% for question in questions -%}
    , max(answer_status || ':' || coalesce(category_id, cast(value as string), '')) filter (where question_id = '{{ question }}') as "q_{{ question }}"
    {% endfor %}
from {{ ref('fct_response') }}
where question_id in ('{{ questions | join("', '") }}')
group by respondent_id, sample_id, wave, country, weight
