select
    prediction.model_id,
    models.variant,
    prediction.term_position as prediction_position,
    prediction.term,
    prediction.category_id,
    prediction.reference_category,
    prediction.value,
    prediction.outcome_category,
    prediction.estimate as probability,
    prediction.std_error,
    prediction.ci_low,
    prediction.ci_high,
    -- Nobody published a prediction.
    case when models.basis = 'observed' then 'observed' else 'assumed' end as basis
from {{ ref('regression_result') }} as prediction
inner join {{ ref('regression_model') }} as models on prediction.model_id = models.model_id
where prediction.part = 'prediction'
