-- The file's own weight, unless the sample is raked to population margins.
select
    file_weight.sample_id,
    file_weight.row,
    file_weight.respondent_id,
    coalesce(raked.weight, file_weight.weight) as weight,
    file_weight.weight_variable is not null or raked.row is not null as is_weighted
from {{ ref('int_file_weight') }} as file_weight
left join {{ ref('int_raked_weight') }} as raked
    on file_weight.sample_id = raked.sample_id and file_weight.row = raked.row
