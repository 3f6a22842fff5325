-- Kish's factor 1 + cv² of the weights (Kish 1992, J. Off. Stat. 8), times the design's own. Weights are taken relative to
-- the largest of the sample, which the factor does not depend on, so that no weight is too large for an exact sum.
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
)

select
    samples.sample_id,
    coalesce(samples.design_effect, 1.0)
    * coalesce(weighting.n * weighting.total_of_squares / (weighting.total * weighting.total), 1.0) as design_effect
from {{ deduplicated('samples', ['sample_id']) }} as samples
left join weighting on samples.sample_id = weighting.sample_id
