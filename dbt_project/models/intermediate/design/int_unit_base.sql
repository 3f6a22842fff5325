-- The samples without strata or clusters are left out before their records are looked at, here and in the other int_unit models.
select
    unit.sample_id,
    respondent.question_id,
    unit.stratum,
    unit.cluster,
    count(*) as base_n,
    {{ exact_sum('unit.relative_weight') }} as base_weighted_n
from {{ ref('int_sampling_unit') }} as unit
inner join {{ ref('int_answer_status') }} as respondent
    on unit.sample_id = respondent.sample_id and unit.row = respondent.row
inner join {{ ref('int_sampling_design') }} as design on respondent.sample_id = design.sample_id
where respondent.answer_status <> 'skipped' and unit.relative_weight is not null
group by unit.sample_id, respondent.question_id, unit.stratum, unit.cluster
