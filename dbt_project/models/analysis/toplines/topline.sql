with counted as (
    select
        asked.wave,
        asked.country,
        offered.question_id,
        offered.category_id,
        offered.position,
        offered.net,
        offered.missing_type,
        asked.comparability,
        coalesce(counts.n, 0) as n,
        coalesce(counts.weighted_n, 0) as weighted_n,
        base.base_n,
        base.base_substantive_n,
        base.base_weighted_n
    from {{ ref('int_offered_category') }} as offered
    inner join {{ ref('int_asked') }} as asked
        on offered.sample_id = asked.sample_id and offered.question_id = asked.question_id
    inner join {{ ref('int_base') }} as base
        on asked.wave = base.wave and asked.country = base.country and asked.question_id = base.question_id
    left join {{ ref('int_topline_count') }} as counts
        on asked.wave = counts.wave
        and asked.country = counts.country
        and asked.question_id = counts.question_id
        and offered.category_id = counts.category_id
)

select
    wave,
    country,
    question_id,
    category_id,
    position,
    net,
    comparability,
    cast(n as bigint) as n,
    base_n,
    100.0 * n / base_n as pct,
    case when missing_type is null then nullif(base_substantive_n, 0) end as base_substantive_n,
    case when missing_type is null then 100.0 * n / nullif(base_substantive_n, 0) end as pct_substantive,
    100.0 * weighted_n / base_weighted_n as pct_weighted,
    {{ standard_error('n', 'base_n') }} as std_error,
    {{ wilson_bound('n', 'base_n', '-') }} as ci_low,
    {{ wilson_bound('n', 'base_n', '+') }} as ci_high
from counted
order by wave, country, question_id, position nulls last, category_id
