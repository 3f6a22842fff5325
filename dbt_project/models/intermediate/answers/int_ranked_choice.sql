-- The columns of a question that has several for its answers speak together.
with cell as (
    select cell.*, list_column.raw_variable
    from {{ ref('int_multiple_cell') }} as cell
    inner join {{ ref('int_list_column') }} as list_column
        on cell.sample_id = list_column.sample_id and cell.question_id = list_column.question_id
    where cell.layout <> 'indicator' and list_column.n_columns > 1
),

record as (
    select
        sample_id,
        row,
        question_id,
        raw_variable,
        {{ joined_text('raw_code', 'column_position') }} as raw_code
    from (
        select distinct sample_id, row, question_id, raw_variable, column_position, raw_code
        from cell
    ) as one_per_cell
    group by sample_id, row, question_id, raw_variable
),

choice as (
    select distinct sample_id, row, question_id, category_id
    from cell
    where missing_type is null and is_own_category
)

select
    record.sample_id,
    record.row,
    record.question_id,
    offered.category_id,
    choice.category_id is not null as is_chosen,
    record.raw_variable,
    record.raw_code
from record
inner join {{ ref('int_offered_category') }} as offered
    on record.sample_id = offered.sample_id and record.question_id = offered.question_id
left join choice
    on record.sample_id = choice.sample_id
    and record.row = choice.row
    and record.question_id = choice.question_id
    and offered.category_id = choice.category_id
where offered.missing_type is null
