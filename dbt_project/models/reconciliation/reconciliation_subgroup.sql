-- The base of a subgroup is not published, so a percentage agrees where the people are the nearest whole number to it.
with member as (
    select
        subgroups.sample_id,
        subgroups.question_id,
        subgroups.option_id,
        subgroups.subgroup,
        subgroups.value,
        fact.respondent_id
    from {{ ref('subgroups') }} as subgroups
    inner join {{ ref('int_option') }} as part
        on subgroups.subgroup = part.question_id and subgroups.value = part.option_id
    inner join {{ ref('fct_response') }} as fact
        on subgroups.sample_id = fact.sample_id
        and part.question_id = fact.question_id
        and part.category_id = fact.category_id
),

counted as (
    select
        member.sample_id,
        member.question_id,
        member.option_id,
        member.subgroup,
        member.value,
        count(*) as base_n,
        count(answer.category_id) as n,
        {{ exact_sum('fact.weight') }} as base_weighted_n,
        {{ exact_sum('case when answer.category_id is not null then fact.weight else 0 end') }} as weighted_n
    from member
    inner join {{ ref('fct_response') }} as fact
        on member.sample_id = fact.sample_id
        and member.respondent_id = fact.respondent_id
        and member.question_id = fact.question_id
        and fact.answer_status <> 'skipped'
    left join {{ ref('int_option') }} as answer
        on member.question_id = answer.question_id
        and member.option_id = answer.option_id
        and fact.category_id = answer.category_id
    group by
        member.sample_id, member.question_id, member.option_id, member.subgroup, member.value
)

select
    subgroups.sample_id,
    samples.wave,
    samples.country,
    subgroups.question_id,
    subgroups.option_id,
    subgroups.subgroup,
    subgroups.value,
    subgroups.source_id,
    subgroups.pct as published_pct,
    counted.n as warehouse_n,
    counted.base_n as warehouse_base_n,
    100e0 * counted.weighted_n / counted.base_weighted_n as warehouse_pct,
    100e0 * counted.weighted_n / counted.base_weighted_n - subgroups.pct as difference,
    true as eligible,
    coalesce(abs(counted.weighted_n - subgroups.pct * counted.base_weighted_n / 100) <= 5e-1, false) as agrees,
    subgroups.note
from {{ ref('subgroups') }} as subgroups
left join {{ ref('dim_sample') }} as samples on subgroups.sample_id = samples.sample_id
left join counted
    on subgroups.sample_id = counted.sample_id
    and subgroups.question_id = counted.question_id
    and subgroups.option_id = counted.option_id
    and subgroups.subgroup = counted.subgroup
    and subgroups.value = counted.value
