select
    answer.sample_id,
    answer.row,
    stg_column.question_id,
    stg_column.layout,
    stg_column.indicator_category_id,
    answer.variable,
    answer.column_position,
    coalesce(answer.value, '<blank>') as raw_code,
    coalesce(answer.value, '<blank>') as code,
    cast(null as double) as number,
    cast(null as double) as value,
    stg_code.category_id,
    stg_code.position,
    stg_code.net,
    stg_code.missing_type,
    stg_code.is_own_category
from {{ ref('answer') }} as answer
inner join {{ ref('stg_column') }} as stg_column
    on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
left join {{ ref('stg_code') }} as stg_code
    on answer.sample_id = stg_code.sample_id
    and answer.variable = stg_code.variable
    and coalesce(answer.value, '<blank>') = stg_code.code
where stg_column.role = 'answer' and stg_column.layout in ('single', 'indicator', 'ranked')
