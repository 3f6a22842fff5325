-- What all shares are computed from.
select
    offered.sample_id,
    asked.wave,
    asked.country,
    asked.series,
    offered.question_id,
    offered.category_id,
    offered.position,
    offered.net,
    offered.missing_type,
    asked.comparability,
    cast(coalesce(counts.n, 0) as bigint) as n,
    coalesce(counts.weighted_n, 0) as weighted_n,
    base.base_n,
    base.base_substantive_n,
    base.base_weighted_n,
    base.base_substantive_weighted_n
from {{ ref('int_offered_category') }} as offered
inner join {{ ref('int_asked') }} as asked
    on offered.sample_id = asked.sample_id and offered.question_id = asked.question_id
inner join {{ ref('int_base') }} as base
    on offered.sample_id = base.sample_id and offered.question_id = base.question_id
left join {{ ref('int_topline_count') }} as counts
    on offered.sample_id = counts.sample_id
    and offered.question_id = counts.question_id
    and offered.category_id = counts.category_id
