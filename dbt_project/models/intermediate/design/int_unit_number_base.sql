select
    unit.sample_id,
    answer.question_id,
    unit.stratum,
    unit.cluster,
    count(*) as base_n,
    {{ exact_sum('unit.relative_weight') }} as base_weighted_n
from {{ ref('int_sampling_unit') }} as unit
inner join {{ ref('int_single_answer') }} as answer on unit.sample_id = answer.sample_id and unit.row = answer.row
inner join {{ ref('int_sampling_design') }} as design on answer.sample_id = design.sample_id
where answer.value is not null and unit.relative_weight is not null
group by unit.sample_id, answer.question_id, unit.stratum, unit.cluster
