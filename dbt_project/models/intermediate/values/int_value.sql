-- What a cell means depends on its column and what stands in it alone: that is looked up once for each value, not for each record.
select
    answer.sample_id,
    answer.variable,
    answer.column_position,
    coalesce(answer.value, '<blank>') as raw_code,
    count(*) as n,
    min(answer.row) as first_row,
    max(answer.row) as last_row,
    {{ first_values('answer.row', 5) }} as first_rows
from {{ samples_of(ref('answer')) }} as answer
inner join {{ ref('stg_column') }} as stg_column
    on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
where stg_column.role = 'answer'
group by answer.sample_id, answer.variable, answer.column_position, coalesce(answer.value, '<blank>')
