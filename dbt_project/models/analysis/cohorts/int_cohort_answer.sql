-- Each answer in its age group, and once more in its birth cohort where that is known.
with answer as (
    select fact.respondent_id, fact.sample_id, fact.wave, fact.country, fact.question_id, fact.net, fact.weight
    from {{ ref('fct_response') }} as fact
    inner join {{ ref('cohort_questions') }} as chosen on fact.question_id = chosen.question_id
    where fact.answer_status <> 'skipped'
),

of_group as (
    select respondent_id, question_id as grouping, category_id as group_id
    from {{ ref('int_birth_cohort') }}
    where category_id is not null
    union
    select respondent_id, 'birth_cohort' as grouping, cohort_id as group_id
    from {{ ref('int_birth_cohort') }}
    where cohort_id is not null
)

select
    answer.sample_id,
    answer.wave,
    answer.country,
    answer.question_id,
    of_group.grouping,
    of_group.group_id,
    answer.net,
    count(*) as n,
    {{ exact_sum('answer.weight') }} as weighted_n
from answer
inner join of_group on answer.respondent_id = of_group.respondent_id
group by
    answer.sample_id, answer.wave, answer.country, answer.question_id, of_group.grouping, of_group.group_id, answer.net
