-- Offered = an indicator column stands for it, or the code list of a column has a code for it, or a number can fall into it.
with offered as (
    select distinct
        stg_column.sample_id,
        stg_column.question_id,
        categories.category_id,
        categories.position,
        categories.net,
        categories.missing_type,
        categories.exclusive,
        stg_column.answer_type
    from {{ ref('stg_column') }} as stg_column
    inner join {{ deduplicated('categories', ['category_set', 'category_id']) }} as categories on stg_column.category_set = categories.category_set
    left join {{ ref('stg_code') }} as stg_code
        on stg_column.sample_id = stg_code.sample_id
        and stg_column.variable = stg_code.variable
        and categories.category_id = stg_code.category_id
    where
        stg_column.role = 'answer'
        and case
            when stg_code.category_id is not null then true
            when stg_column.layout = 'indicator' then stg_column.indicator_category_id = categories.category_id
            when stg_column.layout in ('number', 'birth_year') then categories.value_min is not null and categories.position is not null
            else false
        end
)

select
    *,
    row_number() over (partition by sample_id, question_id order by category_id) as category_order
from offered
