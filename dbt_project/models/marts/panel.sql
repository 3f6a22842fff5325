-- The columns follow the questions seed, so a new question is a new row there and nothing here. One pivot takes a quarter of the
-- time of an aggregate for each question, and all its columns have the type of a text.
{% set questions = single_questions() %}
{% set types = {'position': 'smallint', 'value': 'double', 'category_id': 'string'} %}
-- The linter does not know the questions, so that to it the layout is another and the join gives nothing.
-- noqa: disable=LT02,LT05,ST11
with given as (
    select
        sample_id,
        row,
        question_id,
        case
            {%- for answer_type in ['ordinal', 'numeric'] %}
            when question_id in ('{{ questions | selectattr("answer_type", "equalto", answer_type) | map(attribute="question_id") | join("', '") }}')
                then cast({{ answer_column(answer_type) }} as string)
            {%- endfor %}
            else category_id
        end as given
    from {{ samples_of(ref('int_single_answer')) }}
    where missing_type is null
),

answer as (
    select *
    from given
    pivot (max(given) for question_id in ('{{ questions | map(attribute="question_id") | join("', '") }}'))
)

select
    dim_respondent.respondent_id,
    dim_respondent.sample_id,
    dim_respondent.wave,
    dim_respondent.country,
    dim_respondent.age,
    dim_respondent.weight
    {%- for question in questions %}
    , cast(answer.{{ question.question_id }} as {{ types[answer_column(question.answer_type)] }}) as {{ question.question_id }}
    {%- endfor %}
from {{ samples_of(ref('dim_respondent')) }} as dim_respondent
inner join {{ samples_of(ref('stg_respondent')) }} as stg_respondent
    on dim_respondent.sample_id = stg_respondent.sample_id and dim_respondent.respondent_id = stg_respondent.respondent_id
left join answer on stg_respondent.sample_id = answer.sample_id and stg_respondent.row = answer.row
