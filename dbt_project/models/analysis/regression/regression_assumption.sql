select
    test.model_id,
    models.variant,
    test.term_position as test_position,
    test.test,
    test.kind,
    test.term,
    test.category_id,
    test.statistic as chi2,
    test.df,
    test.p_value,
    test.problem
from {{ ref('regression_result') }} as test
inner join {{ ref('regression_model') }} as models on test.model_id = models.model_id
where test.part = 'assumption'
order by models.variant, test.model_id, test.term_position
