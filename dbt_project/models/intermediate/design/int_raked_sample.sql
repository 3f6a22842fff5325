select
    raked.sample_id,
    count(*) as n_respondents,
    count(*) filter (where raked.is_trimmed) as n_trimmed,
    min(raked.weight) as lowest_weight,
    max(raked.weight) as highest_weight,
    design.design_effect
from {{ ref('int_raked_weight') }} as raked
inner join {{ ref('int_design_effect') }} as design on raked.sample_id = design.sample_id
group by raked.sample_id, design.design_effect
