-- The columns of a ranked question answer together, and so do the codes in a delimited cell.
with cell as (
    select
        sample_id,
        row,
        question_id,
        {{ joined_text('variable', 'column_position') }} as raw_variable,
        {{ joined_text('raw_code', 'column_position') }} as raw_code
    from (
        select distinct sample_id, row, question_id, variable, column_position, raw_code
        from {{ ref('int_multiple_cell') }}
        where layout <> 'indicator'
    ) as one_per_cell
    group by sample_id, row, question_id
),

choice as (
    select distinct sample_id, row, question_id, category_id
    from {{ ref('int_multiple_cell') }}
    where layout <> 'indicator' and missing_type is null and is_own_category
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
    on cell.sample_id = offered.sample_id and cell.question_id = offered.question_id
left join choice
    on cell.sample_id = choice.sample_id
    and cell.row = choice.row
    and cell.question_id = choice.question_id
    and offered.category_id = choice.category_id
where offered.missing_type is null
