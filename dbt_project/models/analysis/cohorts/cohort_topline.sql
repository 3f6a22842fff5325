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

of_net as (
    select
        base.*,
        offered.net,
        offered.comparability,
        cast(coalesce(counted.n, 0) as bigint) as n,
        coalesce(counted.weighted_n, 0) / base.base_weighted_n as share,
        base.base_n / offered.design_effect as n_effective,
        {{ critical_squared('offered.degrees_of_freedom') }} as critical_squared,
        case
            when not sample.synthetic then 'observed'
            when published.pct is not null then 'published'
            else 'assumed'
        end as basis,
        case when sample.synthetic then published.source_id else sample.source_id end as source_id
    from base
    inner join {{ ref('topline_net') }} as offered
        on base.sample_id = offered.sample_id and base.question_id = offered.question_id
    inner join {{ ref('dim_sample') }} as sample on base.sample_id = sample.sample_id
    left join {{ ref('int_cohort_answer') }} as counted
        on base.sample_id = counted.sample_id
        and base.question_id = counted.question_id
        and base.grouping = counted.grouping
        and base.group_id = counted.group_id
        and offered.net = counted.net
    left join {{ ref('subgroups') }} as published
        on base.sample_id = published.sample_id
        and base.question_id = published.question_id
        and base.grouping = published.subgroup
        and base.group_id = published.value
        and offered.net = published.option_id
),

span as (
    select 'birth_cohort' as grouping, cohort_id as group_id, first_year, last_year, cast(null as integer) as age_min, cast(null as integer) as age_max
    from {{ ref('birth_cohorts') }}
    union all
    select questions.question_id as grouping, categories.category_id, null, null, categories.value_min, categories.value_max
    from {{ ref('categories') }} as categories
    inner join {{ ref('questions') }} as questions on categories.category_set = questions.category_set
    where questions.respondent_role = 'age'
)

select
    of_net.sample_id,
    of_net.wave,
    of_net.country,
    of_net.question_id,
    of_net.grouping,
    of_net.group_id,
    cast(coalesce(span.first_year, coalesce(samples.year, waves.year) - span.age_max) as smallint) as first_birth_year,
    cast(coalesce(span.last_year, coalesce(samples.year, waves.year) - span.age_min) as smallint) as last_birth_year,
    of_net.net,
    of_net.comparability,
    of_net.n,
    of_net.base_n,
    100e0 * of_net.share as pct,
    of_net.n_effective,
    {{ errors_of_known_share() }},
    of_net.basis,
    of_net.source_id
from of_net
inner join {{ ref('samples') }} as samples on of_net.sample_id = samples.sample_id
inner join {{ ref('waves') }} as waves on samples.wave = waves.wave
inner join span on of_net.grouping = span.grouping and of_net.group_id = span.group_id
order by of_net.sample_id, of_net.question_id, of_net.grouping, of_net.group_id, {{ net_order('of_net.net') }}
