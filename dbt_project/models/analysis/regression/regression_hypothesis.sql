with effect as (
    select
        model_id,
        term,
        category_id,
        max(case when outcome_category = 'positive' then estimate end) as effect_positive,
        max(case when outcome_category = 'positive' then ci_low end) as effect_positive_ci_low,
        max(case when outcome_category = 'positive' then ci_high end) as effect_positive_ci_high,
        max(case when outcome_category = 'negative' then estimate end) as effect_negative,
        max(case when outcome_category = 'negative' then ci_low end) as effect_negative_ci_low,
        max(case when outcome_category = 'negative' then ci_high end) as effect_negative_ci_high
    from {{ ref('regression_result') }}
    where part = 'hypothesis' and kind = 'net_effect'
    group by model_id, term, category_id
),

joint as (
    select
        model_id,
        term,
        statistic as chi2,
        df,
        p_value
    from {{ ref('regression_result') }}
    where part = 'hypothesis' and kind = 'joint'
),

odds as (
    select
        model_id,
        term,
        p_value
    from {{ ref('regression_assumption') }}
    where test = 'score' and kind in ('overall', 'term')
)

select
    models.hypothesis_id,
    models.series,
    models.wave,
    models.model_id,
    models.term,
    coefficient.term_position,
    coefficient.category_id,
    coefficient.reference_category,
    coefficient.estimate,
    coefficient.std_error,
    coefficient.ci_low,
    coefficient.ci_high,
    effect.effect_positive,
    effect.effect_positive_ci_low,
    effect.effect_positive_ci_high,
    effect.effect_negative,
    effect.effect_negative_ci_low,
    effect.effect_negative_ci_high,
    joint.chi2,
    joint.df,
    joint.p_value,
    models.n_obs,
    models.n_sample,
    100e0 * models.n_obs / models.n_sample as pct_in_model,
    odds_overall.p_value < 5e-2 as proportional_odds_rejected,
    odds_overall.p_value as p_proportional_odds,
    odds_term.p_value as p_proportional_odds_of_term,
    models.formula,
    models.left_out,
    models.dropped_terms,
    models.comparability_breaks,
    models.problem,
    models.basis
from {{ ref('int_hypothesis_model') }} as models
left join {{ ref('regression_term') }} as coefficient
    on models.model_id = coefficient.model_id and models.term = coefficient.term and coefficient.kind = 'coefficient'
left join effect
    on coefficient.model_id = effect.model_id
    and coefficient.term = effect.term
    and coalesce(coefficient.category_id, '') = coalesce(effect.category_id, '')
left join joint on models.model_id = joint.model_id and models.term = joint.term
left join odds as odds_overall on models.model_id = odds_overall.model_id and odds_overall.term is null
left join odds as odds_term on models.model_id = odds_term.model_id and models.term = odds_term.term
