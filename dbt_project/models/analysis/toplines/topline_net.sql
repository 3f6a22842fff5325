with summed as (
    select
        sample_id,
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
        nullif(max(base_substantive_weighted_n), 0) as base_substantive_weighted_n
    from {{ ref('int_topline_cell') }}
    where net is not null
    group by sample_id, wave, country, question_id, net, comparability
),

share as (
    select
        summed.*,
        summed.weighted_n / summed.base_weighted_n as share,
        design.design_effect,
        summed.base_n / design.design_effect as n_effective,
        design.degrees_of_freedom,
        design.critical_squared,
        known.basis,
        known.source_id,
        known.note
    from summed
    inner join {{ ref('int_share_basis') }} as known
        on summed.sample_id = known.sample_id
        and summed.question_id = known.question_id
        and known.grouping = 'net'
        and summed.net = known.option_id
    inner join {{ ref('int_share_design') }} as design
        on summed.sample_id = design.sample_id
        and summed.question_id = design.question_id
        and design.grouping = 'net'
        and summed.net = design.option_id
)

select
    sample_id,
    wave,
    country,
    question_id,
    net,
    comparability,
    n,
    base_n,
    100e0 * weighted_n / base_weighted_n as pct,
    100e0 * n / base_n as pct_unweighted,
    base_substantive_n,
    100e0 * weighted_n / base_substantive_weighted_n as pct_substantive,
    design_effect,
    n_effective,
    degrees_of_freedom,
    {{ errors_of_known_share() }},
    basis,
    source_id,
    note
from share
order by sample_id, question_id, {{ net_order('net') }}
