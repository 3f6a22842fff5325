-- The answer to a question is all that its columns hold, word for word.
select
    answer.sample_id,
    answer.row,
    stg_column.question_id,
    {{ joined_digest(text_digest("answer.variable || '=' || coalesce(answer.value, '<blank>')")) }} as answer_digest
from {{ samples_of(ref('answer')) }} as answer
inner join {{ ref('stg_column') }} as stg_column
    on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
where stg_column.role = 'answer'
group by answer.sample_id, answer.row, stg_column.question_id
