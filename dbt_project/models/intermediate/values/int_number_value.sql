-- A listed code (999 = no answer) is a code; anything else is a number. Of a numeric question it is the answer, where it is plainly
-- written and within the bounds of the question. Of another it is a number of years, cut into categories by their ranges; a year of
-- birth gives the age reached in the year of the wave.
with cell as (
    select
        int_value.sample_id,
        stg_column.question_id,
        stg_column.layout,
        coalesce(stg_column.answer_type = 'numeric', false) as is_numeric,
        stg_column.value_min,
        stg_column.value_max,
        int_value.variable,
        int_value.column_position,
        int_value.raw_code as code,
        stg_code.category_id,
        stg_code.position,
        stg_code.net,
        stg_code.missing_type,
        stg_code.is_own_category,
        case
            when stg_code.category_id is not null then null
            when stg_column.answer_type = 'numeric'
                -- A zero has no sign: -0 is 0.
                then case when {{ is_plain_number('int_value.raw_code') }} then cast(int_value.raw_code as double) + 0e0 end
            when not {{ is_whole_number('int_value.raw_code') }} then null
            when stg_column.layout = 'birth_year' then cast(stg_column.year - cast(int_value.raw_code as integer) as double)
            else cast(int_value.raw_code as double)
        end as number
    from {{ ref('int_value') }} as int_value
    inner join {{ ref('stg_column') }} as stg_column
        on int_value.sample_id = stg_column.sample_id and int_value.variable = stg_column.variable
    left join {{ ref('stg_code') }} as stg_code
        on int_value.sample_id = stg_code.sample_id
        and int_value.variable = stg_code.variable
        and int_value.raw_code = stg_code.code
    where stg_column.layout in ('number', 'birth_year')
)

select
    cell.sample_id,
    cell.question_id,
    cell.layout,
    cast(null as string) as indicator_category_id,
    cell.variable,
    cell.column_position,
    cell.code as raw_code,
    cell.code,
    cell.number,
    case
        when cell.is_numeric
            then case
                    when cell.number >= coalesce(cell.value_min, cell.number) and cell.number <= coalesce(cell.value_max, cell.number)
                        then cell.number
                end
        when categories.category_id is not null then cell.number
    end as value,
    coalesce(cell.category_id, categories.category_id) as category_id,
    coalesce(cell.position, categories.position) as position,
    coalesce(cell.net, categories.net) as net,
    cell.missing_type,
    coalesce(cell.is_own_category, categories.category_id is not null) as is_own_category
from cell
left join {{ ref('int_asked_category') }} as categories
    on cell.category_id is null
    and not cell.is_numeric
    and cell.sample_id = categories.sample_id
    and cell.question_id = categories.question_id
    and cell.number between categories.value_min and categories.value_max
    -- A band without a position is coarser than others of its set: some file has it as a code.
    and categories.position is not null
