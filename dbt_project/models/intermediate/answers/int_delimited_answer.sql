-- One text column holds every choice: '1;3;7' is three answers.
with choice as (
    select
        answer.sample_id,
        answer.row,
        stg_column.question_id,
        answer.variable,
        answer.column_position,
        coalesce(answer.value, '<blank>') as raw_code,
        {{ split_rows("coalesce(answer.value, '<blank>')", 'stg_column.delimiter') }} as code
    from {{ ref('answer') }} as answer
    inner join {{ ref('stg_column') }} as stg_column
        on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
    where stg_column.role = 'answer' and stg_column.layout = 'delimited'
)

select
    choice.sample_id,
    choice.row,
    choice.question_id,
    'delimited' as layout,
    cast(null as varchar) as indicator_category_id,
    choice.variable,
    choice.column_position,
    choice.raw_code,
    choice.code,
    cast(null as double) as number,
    cast(null as double) as value,
    stg_code.category_id,
    stg_code.position,
    stg_code.net,
    stg_code.missing_type,
    stg_code.is_own_category
from choice
left join {{ ref('stg_code') }} as stg_code
    on choice.sample_id = stg_code.sample_id
    and choice.variable = stg_code.variable
    and choice.code = stg_code.code
