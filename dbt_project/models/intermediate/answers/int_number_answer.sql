-- A listed code (999 = no answer) is a code; anything else is a number of years, cut into categories by their ranges.
-- A year of birth gives the age reached in the year of the wave.
with value as (
    select
        answer.sample_id,
        answer.row,
        stg_column.question_id,
        stg_column.layout,
        answer.variable,
        answer.column_position,
        coalesce(answer.value, '<blank>') as code,
        stg_code.category_id,
        stg_code.position,
        stg_code.net,
        stg_code.missing_type,
        stg_code.is_own_category,
        case
            when stg_code.category_id is not null then null
            when not {{ is_whole_number('answer.value') }} then null
            when stg_column.layout = 'birth_year' then stg_column.year - cast(answer.value as integer)
            else cast(answer.value as integer)
        end as number
    from {{ ref('answer') }} as answer
    inner join {{ ref('stg_column') }} as stg_column
        on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
    left join {{ ref('stg_code') }} as stg_code
        on answer.sample_id = stg_code.sample_id
        and answer.variable = stg_code.variable
        and coalesce(answer.value, '<blank>') = stg_code.code
    where stg_column.role = 'answer' and stg_column.layout in ('number', 'birth_year')
)

select
    value.sample_id,
    value.row,
    value.question_id,
    value.layout,
    cast(null as varchar) as indicator_category_id,
    value.variable,
    value.column_position,
    value.code as raw_code,
    value.code,
    value.number,
    coalesce(value.category_id, categories.category_id) as category_id,
    coalesce(value.position, categories.position) as position,
    coalesce(value.net, categories.net) as net,
    value.missing_type,
    coalesce(value.is_own_category, categories.category_id is not null) as is_own_category
from value
left join {{ ref('int_asked_category') }} as categories
    on value.category_id is null
    and value.sample_id = categories.sample_id
    and value.question_id = categories.question_id
    and value.number between categories.value_min and categories.value_max
