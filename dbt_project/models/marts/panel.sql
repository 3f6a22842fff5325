-- The columns follow the questions seed, so a new question is a new row there and nothing here.
{% set questions = single_questions() %}
-- The linter does not know the questions, so that to it the layout is another and the join gives nothing.
-- noqa: disable=LT02,ST11
with answer as (
    select
        sample_id,
        row
        {%- for question in questions %}
        , max({{ answer_column(question.answer_type) }}) filter (where question_id = '{{ question.question_id }}' and missing_type is null)
            as {{ question.question_id }}
        {%- endfor %}
    from {{ samples_of(ref('int_single_answer')) }}
    group by sample_id, row
)

select
    dim_respondent.respondent_id,
    dim_respondent.sample_id,
    dim_respondent.wave,
    dim_respondent.country,
    dim_respondent.age,
    dim_respondent.weight
    {%- for question in questions %}
    , answer.{{ question.question_id }}
    {%- endfor %}
from {{ samples_of(ref('dim_respondent')) }} as dim_respondent
inner join {{ samples_of(ref('stg_respondent')) }} as stg_respondent
    on dim_respondent.sample_id = stg_respondent.sample_id and dim_respondent.respondent_id = stg_respondent.respondent_id
left join answer on stg_respondent.sample_id = answer.sample_id and stg_respondent.row = answer.row
