select
    answer.sample_id,
    answer.row,
    answer.sample_id || '-' || printf('%04d', answer.row) as respondent_id,
    answer.variable as id_variable,
    answer.value as agency_id
from {{ ref('answer') }} as answer
inner join {{ ref('stg_column') }} as stg_column
    on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
where stg_column.role = 'id'
