select
    result.decomposition_id,
    cast(result.term_position as bigint) as part_position,
    result.model_id,
    models.series,
    models.wave,
    seed.earlier_wave,
    result.component,
    result.reference,
    result.term,
    result.grouping,
    result.option_id,
    result.estimate,
    result.std_error,
    result.statistic,
    result.p_value,
    result.ci_low,
    result.ci_high,
    result.n_obs,
    result.n_obs_earlier,
    result.formula,
    result.left_out,
    result.problem,
    case when later.synthetic or earlier.synthetic then 'assumed' else 'observed' end as basis
from {{ ref('regression_result') }} as result
inner join {{ ref('regression_decompositions') }} as seed on result.decomposition_id = seed.decomposition_id
inner join {{ ref('regression_model') }} as models on seed.model_id = models.model_id
inner join {{ ref('dim_sample') }} as later on models.series = later.series and models.wave = later.wave
left join {{ ref('dim_sample') }} as earlier
    on models.series = earlier.series and seed.earlier_wave = earlier.wave
where result.part = 'decomposition'
