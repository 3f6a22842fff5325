-- A battery: at least four questions on ordered scales whose columns take the same substantive codes. Questions about
-- the respondent are none of it.
with scale as (
    select
        stg_column.sample_id,
        stg_column.variable,
        stg_column.column_position,
        {{ joined_text('stg_code.code', 'stg_code.code') }} as codes
    from {{ ref('stg_column') }} as stg_column
    inner join {{ ref('stg_code') }} as stg_code
        on stg_column.sample_id = stg_code.sample_id and stg_column.variable = stg_code.variable
    where
        stg_column.role = 'answer'
        and stg_column.layout = 'single'
        and stg_column.answer_type = 'ordinal'
        and not stg_column.is_about_respondent
        and stg_code.is_own_category
        and stg_code.missing_type is null
    group by stg_column.sample_id, stg_column.variable, stg_column.column_position
),

battery as (
    select
        *,
        count(*) over (partition by sample_id, codes) as n_columns,
        row_number() over (partition by sample_id, codes order by column_position) as order_in_battery
    from scale
)

select * from battery where n_columns >= 4
