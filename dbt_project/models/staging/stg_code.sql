-- A question's own category wins over the reserved one of the same name.
select
    stg_column.sample_id,
    stg_column.variable,
    code_lists.code,
    code_lists.category_id,
    coalesce(own.position, reserved.position) as position,
    coalesce(own.net, reserved.net) as net,
    coalesce(own.missing_type, reserved.missing_type) as missing_type,
    own.category_id is not null as is_own_category
from {{ ref('stg_column') }} as stg_column
inner join {{ deduplicated('code_lists', ['code_list', 'code']) }} as code_lists on stg_column.code_list = code_lists.code_list
left join {{ deduplicated('categories', ['category_set', 'category_id']) }} as own
    on stg_column.category_set = own.category_set and code_lists.category_id = own.category_id
left join {{ deduplicated('categories', ['category_set', 'category_id']) }} as reserved
    on own.category_id is null
    and reserved.category_set = 'reserved'
    and code_lists.category_id = reserved.category_id
where own.category_id is not null or reserved.category_id is not null
