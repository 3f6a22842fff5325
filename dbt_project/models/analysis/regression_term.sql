select
    model_id,
    printed_table,
    model,
    term_position,
    kind,
    term,
    category_id,
    reference_category,
    estimate,
    std_error,
    statistic,
    p_value,
    stars,
    ci_low,
    ci_high,
    odds_ratio
from {{ ref('regression_fit') }}
order by model_id, term_position
