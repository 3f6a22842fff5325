-- Respondents are numbered in the order of the agency's identifiers, shorter ones first: the same records in another order
-- give everyone the same number, on every machine, whatever was delivered before.
with identified as (
    select
        answer.sample_id,
        answer.row,
        answer.variable as id_variable,
        answer.value as agency_id,
        row_number() over (
            partition by answer.sample_id, answer.variable order by length(answer.value), answer.value, answer.row
        ) as number
    from {{ samples_of(ref('answer')) }} as answer
    inner join {{ ref('stg_column') }} as stg_column
        on answer.sample_id = stg_column.sample_id and answer.variable = stg_column.variable
    where stg_column.role = 'id'
)

select
    sample_id,
    row,
    number,
    sample_id || '-' || printf('%04d', number) as respondent_id,
    id_variable,
    agency_id
from identified
