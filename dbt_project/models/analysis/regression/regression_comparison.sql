-- Each kind of row is a family of its own: one reads the effects or the coefficients. A joint test is one test.
with compared as (
    select
        result.*,
        comparisons.left_model_id,
        comparisons.right_model_id,
        case when left_model.basis = 'observed' and right_model.basis = 'observed' then 'observed' else 'assumed' end as basis,
        case when result.kind in ('coefficient', 'effect') then result.p_value end as p_single
    from {{ ref('regression_result') }} as result
    inner join {{ ref('regression_comparisons') }} as comparisons on result.comparison_id = comparisons.comparison_id
    inner join {{ ref('regression_model') }} as left_model on comparisons.left_model_id = left_model.model_id
    inner join {{ ref('regression_model') }} as right_model on comparisons.right_model_id = right_model.model_id
    where result.part = 'comparison'
),

ranked as (
    select
        *,
        {{ holm_rank('p_single', 'p_single nulls last, term_position', among='comparison_id, kind') }}
    from compared
)

select
    comparison_id,
    left_model_id,
    right_model_id,
    term_position as comparison_position,
    kind,
    term,
    category_id,
    reference_category,
    outcome_category,
    left_estimate,
    left_std_error,
    right_estimate,
    right_std_error,
    estimate as difference,
    std_error,
    case when kind <> 'joint' then statistic end as z,
    case when kind = 'joint' then statistic end as chi2,
    df,
    p_value,
    {{ holm_adjusted('p_single', among='comparison_id, kind') }} as p_adjusted,
    problem,
    basis
from ranked
