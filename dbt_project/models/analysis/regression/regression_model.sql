-- A published model of synthetic records gives the published numbers; whatever else is fitted on them nobody published.
with made_up as (
    select
        result.model_id,
        bool_or(sample.synthetic) as is_made_up,
        case when count(*) = 1 then min(sample.sample_id) end as sample_id
    from {{ ref('regression_result') }} as result
    inner join {{ ref('dim_sample') }} as sample
        on {{ has_series('result.series', 'sample.series') }} and sample.wave between result.first_wave and result.last_wave
    where result.part = 'model'
    group by result.model_id
)

select
    result.model_id,
    result.variant,
    result.base_model_id,
    result.printed_table,
    result.model,
    made_up.sample_id,
    result.series,
    case when result.first_wave = result.last_wave then cast(result.first_wave as smallint) end as wave,
    cast(result.first_wave as smallint) as first_wave,
    cast(result.last_wave as smallint) as last_wave,
    result.outcome,
    result.formula,
    result.link,
    result.nominal_terms,
    result.not_freed,
    result.left_out,
    result.comparability_breaks,
    result.dropped_terms,
    result.n_sample,
    result.n_obs,
    result.n_dropped,
    result.n_dropped_dont_know,
    result.n_dropped_no_answer,
    result.n_dropped_skipped,
    result.dropped_by_term,
    result.log_likelihood,
    result.log_likelihood_null,
    result.pseudo_r2,
    result.chi2,
    result.chi2_kind,
    result.df_model,
    result.p_value_model as p_value,
    result.aic,
    result.bic,
    result.vce,
    result.weight,
    result.common_sample,
    result.converged,
    result.gradient_norm,
    result.iterations,
    result.spec_hash,
    result.problem,
    case
        when not made_up.is_made_up then 'observed'
        when result.printed_table is not null then 'published'
        else 'assumed'
    end as basis
from {{ ref('regression_result') }} as result
inner join made_up on result.model_id = made_up.model_id
where result.part = 'model'
order by result.variant, result.model_id
