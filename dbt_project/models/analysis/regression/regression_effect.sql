select
    effect.model_id,
    models.variant,
    effect.term_position as effect_position,
    effect.term,
    effect.category_id,
    effect.reference_category,
    effect.kind,
    effect.outcome_category,
    effect.estimate as effect,
    effect.std_error,
    effect.statistic,
    effect.p_value,
    effect.ci_low,
    effect.ci_high
from {{ ref('regression_result') }} as effect
inner join {{ ref('regression_model') }} as models on effect.model_id = models.model_id
where effect.part = 'effect'
order by models.variant, effect.model_id, effect.term_position
