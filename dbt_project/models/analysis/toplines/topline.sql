with share as (
    select *, weighted_n / base_weighted_n as share
    from {{ ref('int_topline_cell') }}
)

select
    wave,
    country,
    question_id,
    category_id,
    position,
    net,
    comparability,
    n,
    base_n,
    100.0 * weighted_n / base_weighted_n as pct,
    100.0 * n / base_n as pct_unweighted,
    case when missing_type is null then nullif(base_substantive_n, 0) end as base_substantive_n,
    case when missing_type is null then 100.0 * weighted_n / nullif(base_substantive_weighted_n, 0) end as pct_substantive,
    design_effect,
    n_effective,
    {{ standard_error('share', 'n_effective') }} as std_error,
    {{ wilson_bound('share', 'n_effective', '-') }} as ci_low,
    {{ wilson_bound('share', 'n_effective', '+') }} as ci_high
from share
order by wave, country, question_id, position nulls last, category_id
