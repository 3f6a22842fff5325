-- The columns follow the questions that have a role in the questions seed; each means what it does in the panel.
-- depends_on: {{ ref('gate') }}
{% set questions = respondent_questions() %}
{% set ages = questions | selectattr('respondent_role', 'equalto', 'age') | map(attribute='question_id') %}
-- The linter does not know the questions, so that to it the layout is another and the join gives nothing.
-- noqa: disable=LT02,ST11
with answer as (
    select
        sample_id,
        row,
        max(value) filter (where question_id in ('{{ ages | join("', '") }}')) as age
        {%- for question in questions %}
        , max({{ answer_column(question.answer_type) }}) filter (where question_id = '{{ question.question_id }}' and missing_type is null)
            as {{ question.question_id }}
        {%- endfor %}
    from {{ samples_of(ref('int_single_answer')) }}
    where question_id in ('{{ questions | map(attribute='question_id') | join("', '") }}')
    group by sample_id, row
)

select
    stg_respondent.respondent_id,
    stg_respondent.sample_id,
    samples.wave,
    samples.country,
    stg_respondent.agency_id,
    cast(answer.age as smallint) as age,
    int_weight.weight
    {%- for question in questions %}
    , answer.{{ question.question_id }}
    {%- endfor %}
from {{ samples_of(ref('stg_respondent')) }} as stg_respondent
inner join {{ ref('samples') }} as samples on stg_respondent.sample_id = samples.sample_id
inner join {{ samples_of(ref('int_weight')) }} as int_weight
    on stg_respondent.sample_id = int_weight.sample_id and stg_respondent.row = int_weight.row
left join answer on stg_respondent.sample_id = answer.sample_id and stg_respondent.row = answer.row
