-- Where the answers to a multiple-answer question are listed: in one column, delimited, or in several, by rank.
select
    stg_column.sample_id,
    stg_column.question_id,
    count(*) as n_columns,
    {{ joined_text('stg_column.variable', 'stg_column.column_position') }} as raw_variable
from {{ ref('stg_column') }} as stg_column
where stg_column.role = 'answer' and stg_column.answer_type is not null and stg_column.layout in ('ranked', 'delimited')
group by stg_column.sample_id, stg_column.question_id
