-- Of a question that has one column for its answers, what stands in it says all.
with chosen as (
    select distinct sample_id, column_position, raw_code, category_id
    from {{ ref('int_value_meaning') }}
    where layout in ('ranked', 'delimited') and missing_type is null and is_own_category
),

listed as (
    select distinct
        meaning.sample_id,
        meaning.question_id,
        meaning.column_position,
        meaning.raw_code,
        list_column.raw_variable
    from {{ ref('int_value_meaning') }} as meaning
    inner join {{ ref('int_list_column') }} as list_column
        on meaning.sample_id = list_column.sample_id and meaning.question_id = list_column.question_id
    where meaning.layout in ('ranked', 'delimited') and list_column.n_columns = 1
)

select
    listed.sample_id,
    listed.question_id,
    listed.column_position,
    listed.raw_variable,
    listed.raw_code,
    offered.category_id,
    chosen.category_id is not null as is_chosen
from listed
inner join {{ ref('int_offered_category') }} as offered
    on listed.sample_id = offered.sample_id and listed.question_id = offered.question_id
left join chosen
    on listed.sample_id = chosen.sample_id
    and listed.column_position = chosen.column_position
    and listed.raw_code = chosen.raw_code
    and offered.category_id = chosen.category_id
where offered.missing_type is null
