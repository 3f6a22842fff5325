-- What raking starts from. A respondent without a substantive answer has a row too, and no category.
with margin_question as (
    select distinct sample_id, question_id
    from {{ ref('population_margins') }}
    where question_id is not null
)

select
    file_weight.sample_id,
    file_weight.row,
    margin_question.question_id,
    file_weight.weight as start_weight,
    min(case when answer.missing_type is null then answer.category_id end) as category_id
from {{ ref('int_file_weight') }} as file_weight
inner join margin_question on file_weight.sample_id = margin_question.sample_id
left join {{ ref('int_single_answer') }} as answer
    on file_weight.sample_id = answer.sample_id
    and file_weight.row = answer.row
    and margin_question.question_id = answer.question_id
group by file_weight.sample_id, file_weight.row, margin_question.question_id, file_weight.weight
