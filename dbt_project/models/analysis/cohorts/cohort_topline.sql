with base as (
    select
        sample_id,
        wave,
        country,
        question_id,
        grouping,
        group_id,
        cast(sum(n) as bigint) as base_n,
        {{ exact_sum('weighted_n') }} as base_weighted_n
    from {{ ref('int_cohort_answer') }}
    group by sample_id, wave, country, question_id, grouping, group_id
),

share as (
    select
        base.*,
        offered.net,
        offered.comparability,
        cast(coalesce(counted.n, 0) as bigint) as n,
        coalesce(counted.weighted_n, 0) / base.base_weighted_n as share,
        base.base_n / sample.design_effect as n_effective,
        case
            when not sample.synthetic then 'observed'
            when published.pct is not null then 'published'
            else 'assumed'
        end as basis,
        case when sample.synthetic then published.source_id else sample.source_id end as source_id
    from base
    inner join {{ ref('topline_net') }} as offered
        on base.wave = offered.wave and base.country = offered.country and base.question_id = offered.question_id
    inner join {{ ref('dim_sample') }} as sample on base.sample_id = sample.sample_id
    left join {{ ref('int_cohort_answer') }} as counted
        on base.sample_id = counted.sample_id
        and base.question_id = counted.question_id
        and base.grouping = counted.grouping
        and base.group_id = counted.group_id
        and offered.net = counted.net
    left join {{ ref('subgroups') }} as published
        on base.wave = published.wave
        and base.country = published.country
        and base.question_id = published.question_id
        and base.grouping = published.subgroup
        and base.group_id = published.value
        and offered.net = published.option_id
),

span as (
    select 'birth_cohort' as grouping, cohort_id as group_id, first_year, last_year, cast(null as integer) as age_min, cast(null as integer) as age_max
    from {{ ref('birth_cohorts') }}
    union all
    select 'age_group' as grouping, categories.category_id, null, null, categories.value_min, categories.value_max
    from {{ ref('categories') }} as categories
    inner join {{ ref('questions') }} as questions on categories.category_set = questions.category_set
    where questions.question_id = 'age_group'
)

select
    share.wave,
    share.country,
    share.question_id,
    share.grouping,
    share.group_id,
    cast(coalesce(span.first_year, share.wave - span.age_max) as smallint) as first_birth_year,
    cast(coalesce(span.last_year, share.wave - span.age_min) as smallint) as last_birth_year,
    share.net,
    share.comparability,
    share.n,
    share.base_n,
    100e0 * share.share as pct,
    share.n_effective,
    {{ errors_of_known_share() }},
    share.basis,
    share.source_id
from share
inner join span on share.grouping = span.grouping and share.group_id = span.group_id
