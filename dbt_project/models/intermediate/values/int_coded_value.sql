select
    int_value.sample_id,
    stg_column.question_id,
    stg_column.layout,
    stg_column.indicator_category_id,
    int_value.variable,
    int_value.column_position,
    int_value.raw_code,
    int_value.raw_code as code,
    cast(null as double) as number,
    cast(null as double) as value,
    stg_code.category_id,
    stg_code.position,
    stg_code.net,
    stg_code.missing_type,
    stg_code.is_own_category
from {{ ref('int_value') }} as int_value
inner join {{ ref('stg_column') }} as stg_column
    on int_value.sample_id = stg_column.sample_id and int_value.variable = stg_column.variable
left join {{ ref('stg_code') }} as stg_code
    on int_value.sample_id = stg_code.sample_id
    and int_value.variable = stg_code.variable
    and int_value.raw_code = stg_code.code
where stg_column.layout in ('single', 'indicator', 'ranked')
