-- Every respondent weighs 1 where the file has no weight variable.
select
    stg_respondent.sample_id,
    stg_respondent.row,
    stg_respondent.respondent_id,
    stg_column.variable as weight_variable,
    answer.value as raw_weight,
    case when stg_column.variable is null then 1e0 else try_cast(answer.value as double) end as weight
from {{ samples_of(ref('stg_respondent')) }} as stg_respondent
left join {{ ref('stg_column') }} as stg_column
    on stg_respondent.sample_id = stg_column.sample_id and stg_column.role = 'weight'
left join {{ samples_of(ref('answer')) }} as answer
    on stg_respondent.sample_id = answer.sample_id
    and stg_respondent.row = answer.row
    and stg_column.variable = answer.variable
