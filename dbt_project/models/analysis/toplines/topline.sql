with share as (
    select
        cell.*,
        cell.weighted_n / cell.base_weighted_n as share,
        design.design_effect,
        cell.base_n / design.design_effect as n_effective,
        design.degrees_of_freedom,
        design.critical_squared,
        known.basis,
        known.source_id,
        known.note
    from {{ ref('int_topline_cell') }} as cell
    inner join {{ ref('int_share_basis') }} as known
        on cell.sample_id = known.sample_id
        and cell.question_id = known.question_id
        and known.grouping = 'category'
        and cell.category_id = known.option_id
    inner join {{ ref('int_share_design') }} as design
        on cell.sample_id = design.sample_id
        and cell.question_id = design.question_id
        and design.grouping = 'category'
        and cell.category_id = design.option_id
)

select
    sample_id,
    wave,
    country,
    question_id,
    category_id,
    position,
    net,
    comparability,
    n,
    base_n,
    100e0 * weighted_n / base_weighted_n as pct,
    100e0 * n / base_n as pct_unweighted,
    case when missing_type is null then nullif(base_substantive_n, 0) end as base_substantive_n,
    case when missing_type is null then 100e0 * weighted_n / nullif(base_substantive_weighted_n, 0) end as pct_substantive,
    design_effect,
    n_effective,
    degrees_of_freedom,
    {{ errors_of_known_share() }},
    basis,
    source_id,
    note
from share
order by sample_id, question_id, position nulls last, category_id
