-- The model itself and the same on earlier waves. A wave that was not asked the term says nothing of it.
select
    hypotheses.hypothesis_id,
    hypotheses.term,
    models.*
from {{ ref('regression_hypotheses') }} as hypotheses
inner join {{ ref('regression_model') }} as models
    on hypotheses.model_id = coalesce(models.base_model_id, models.model_id)
where
    models.variant <> 'partial_odds'
    and ', ' || coalesce(models.left_out, '') || ',' not like '%, ' || hypotheses.term || ',%'
