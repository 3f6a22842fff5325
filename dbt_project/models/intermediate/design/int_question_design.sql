-- Of each question in a sample with strata or clusters, the design effect of its categories together: the sum of their variances
-- over that of a simple random sample. Only shares that are estimated count: that nobody or everybody gave, or that the strata
-- fix, has no variance of its own.
select
    sample_id,
    question_id,
    max(degrees_of_freedom) as degrees_of_freedom,
    {{ exact_sum('estimate.variance * estimate.base_n') }} / nullif({{ exact_sum('estimate.share * (1 - estimate.share)') }}, 0) as design_effect
from {{ ref('int_share_variance') }} as estimate
where estimate.grouping = 'category' and {{ is_estimated_variance('estimate') }}
group by sample_id, question_id
