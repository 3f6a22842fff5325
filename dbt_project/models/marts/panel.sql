-- The columns follow the questions seed, so a new question is a new row there and nothing here.
{% set questions = single_questions() %}
select
    dim_respondent.respondent_id,
    dim_respondent.sample_id,
    dim_respondent.wave,
    dim_respondent.country,
    dim_respondent.age,
    dim_respondent.weight
{% for question in questions -%}
    , max({{ answer_column(question.answer_type) }})
        filter (where question_id = '{{ question.question_id }}' and answer_status = 'answered') as {{ question.question_id }}
    {% endfor %}
from {{ samples_of(ref('dim_respondent')) }} as dim_respondent
left join {{ samples_of(ref('fct_response')) }} as fct_response on dim_respondent.respondent_id = fct_response.respondent_id
group by all
