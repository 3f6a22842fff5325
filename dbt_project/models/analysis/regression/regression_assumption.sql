select
    result.model_id,
    models.variant,
    result.term_position as test_position,
    result.test,
    result.kind,
    result.term,
    result.category_id,
    result.statistic as chi2,
    result.df,
    result.p_value,
    result.problem
from {{ ref('regression_result') }} as result
inner join {{ ref('regression_model') }} as models on result.model_id = models.model_id
where result.part = 'assumption'
order by models.variant, result.model_id, result.term_position
