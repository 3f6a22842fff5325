-- An indicator column answers for its own category; the ranked columns of a question answer together.
with cell as (
    select
        sample_id,
        row,
        question_id,
        coalesce(indicator_category_id, '') as indicator_category_id,
        {{ joined_text('variable', 'column_position') }} as raw_variable,
        {{ joined_text('raw_code', 'column_position') }} as raw_code
    from (
        select distinct sample_id, row, question_id, indicator_category_id, variable, column_position, raw_code
        from {{ ref('int_multiple_cell') }}
    ) as one_per_cell
    group by sample_id, row, question_id, coalesce(indicator_category_id, '')
),

choice as (
    select distinct
        sample_id,
        row,
        question_id,
        case when layout = 'indicator' then indicator_category_id else category_id end as category_id
    from {{ ref('int_multiple_cell') }}
    where missing_type is null and (category_id = 'chosen' or (layout <> 'indicator' and is_own_category))
)

select
    cell.sample_id,
    cell.row,
    cell.question_id,
    offered.category_id,
    choice.category_id is not null as is_chosen,
    cell.raw_variable,
    cell.raw_code
from cell
inner join {{ ref('int_offered_category') }} as offered
    on cell.sample_id = offered.sample_id
    and cell.question_id = offered.question_id
    and cell.indicator_category_id in ('', offered.category_id)
left join choice
    on cell.sample_id = choice.sample_id
    and cell.row = choice.row
    and cell.question_id = choice.question_id
    and offered.category_id = choice.category_id
where offered.missing_type is null
