-- One text column holds every choice: '1;3;7' is three answers.
with choice as (
    select
        int_value.sample_id,
        stg_column.question_id,
        int_value.variable,
        int_value.column_position,
        int_value.raw_code,
        {{ split_rows('int_value.raw_code', 'stg_column.delimiter') }} as code
    from {{ ref('int_value') }} as int_value
    inner join {{ ref('stg_column') }} as stg_column
        on int_value.sample_id = stg_column.sample_id and int_value.variable = stg_column.variable
    where stg_column.layout = 'delimited'
)

select
    choice.sample_id,
    choice.question_id,
    'delimited' as layout,
    cast(null as string) as indicator_category_id,
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
