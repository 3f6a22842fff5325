with net as (
    select
        wave,
        country,
        question_id,
        net,
        comparability,
        cast(sum(n) as bigint) as n,
        {{ exact_sum('weighted_n') }} as weighted_n,
        max(base_n) as base_n,
        nullif(max(base_substantive_n), 0) as base_substantive_n,
        max(base_weighted_n) as base_weighted_n,
        nullif(max(base_substantive_weighted_n), 0) as base_substantive_weighted_n,
        max(design_effect) as design_effect,
        max(n_effective) as n_effective
    from {{ ref('int_topline_cell') }}
    where net is not null
    group by wave, country, question_id, net, comparability
),

share as (
    select *, weighted_n / base_weighted_n as share
    from net
)

select
    wave,
    country,
    question_id,
    net,
    comparability,
    n,
    base_n,
    100.0 * weighted_n / base_weighted_n as pct,
    100.0 * n / base_n as pct_unweighted,
    base_substantive_n,
    100.0 * weighted_n / base_substantive_weighted_n as pct_substantive,
    design_effect,
    n_effective,
    {{ standard_error('share', 'n_effective') }} as std_error,
    {{ wilson_bound('share', 'n_effective', '-') }} as ci_low,
    {{ wilson_bound('share', 'n_effective', '+') }} as ci_high
from share
order by wave, country, question_id, {{ net_order('net') }}
