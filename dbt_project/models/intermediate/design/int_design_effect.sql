-- Where strata or clusters are known, the mean design effect of the sample's shares. Else Kish's factor 1 + cv² of the weights (Kish
-- 1992, J. Off. Stat. 8), times the design effect that is assumed. Weights are taken relative to the largest of the sample, which
-- the factor does not depend on, so that no weight is too large for an exact sum.
with weighting as (
    select
        sample_id,
        count(*) as n,
        {{ exact_sum('relative_weight') }} as total,
        {{ exact_sum('relative_weight * relative_weight') }} as total_of_squares
    from (
        select sample_id, weight / max(weight) over (partition by sample_id) as relative_weight
        from {{ ref('int_weight') }}
        where is_weighted and weight > 0 and isfinite(weight)
    ) as weights
    group by sample_id
),

estimated as (
    select
        sample_id,
        {{ exact_sum('estimate.variance * estimate.base_n') }} / nullif({{ exact_sum('estimate.share * (1 - estimate.share)') }}, 0) as design_effect
    from {{ ref('int_share_variance') }} as estimate
    where estimate.grouping = 'category' and {{ is_estimated_variance('estimate') }}
    group by sample_id
),

unit as (
    select sample_id, count(*) - count(distinct stratum) as degrees_of_freedom
    from (select distinct sample_id, stratum, cluster from {{ ref('int_sampling_unit') }}) as units
    group by sample_id
)

select
    samples.sample_id,
    coalesce(
        estimated.design_effect,
        coalesce(samples.design_effect, 1e0)
        * coalesce(weighting.n * weighting.total_of_squares / (weighting.total * weighting.total), 1e0)
    ) as design_effect,
    unit.degrees_of_freedom
from {{ deduplicated('samples', ['sample_id']) }} as samples
left join weighting on samples.sample_id = weighting.sample_id
left join estimated on samples.sample_id = estimated.sample_id
left join unit on samples.sample_id = unit.sample_id
