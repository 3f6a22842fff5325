select
    term.model_id,
    models.variant,
    models.printed_table,
    models.model,
    term.term_position,
    term.kind,
    term.term,
    term.category_id,
    term.reference_category,
    term.cut_point,
    term.estimate,
    term.std_error,
    term.statistic,
    term.p_value,
    term.stars,
    term.ci_low,
    term.ci_high,
    term.odds_ratio
from {{ ref('regression_result') }} as term
inner join {{ ref('regression_model') }} as models on term.model_id = models.model_id
where term.part = 'term'
order by models.variant, term.model_id, term.term_position
