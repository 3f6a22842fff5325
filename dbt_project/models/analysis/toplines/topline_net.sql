with net as (
    select
        wave,
        country,
        question_id,
        net,
        comparability,
        cast(sum(n) as bigint) as n,
        max(base_n) as base_n,
        max(base_substantive_n) as base_substantive_n,
        sum(pct_weighted) as pct_weighted
    from {{ ref('topline') }}
    where net is not null
    group by wave, country, question_id, net, comparability
)

select
    wave,
    country,
    question_id,
    net,
    comparability,
    n,
    base_n,
    100.0 * n / base_n as pct,
    base_substantive_n,
    100.0 * n / base_substantive_n as pct_substantive,
    pct_weighted,
    {{ standard_error('n', 'base_n') }} as std_error,
    {{ wilson_bound('n', 'base_n', '-') }} as ci_low,
    {{ wilson_bound('n', 'base_n', '+') }} as ci_high
from net
order by wave, country, question_id, {{ net_order('net') }}
