-- One answer per respondent, question and category; the weights only matter where a file has them.
with single as (
    select wave, country, question_id, category_id, comparability, count(*) as n, sum(weight) as weighted_n
    from {{ ref('fct_response') }}
    where answer_status <> 'skipped'
    group by wave, country, question_id, category_id, comparability
),

multiple as (
    select wave, country, question_id, category_id, comparability, count(*) as n, sum(weight) as weighted_n
    from {{ ref('fct_multiple_response') }}
    where chosen
    group by wave, country, question_id, category_id, comparability
),

-- Whoever answered a multiple-answer question with don't know or not at all counts once.
multiple_missing as (
    select
        answer.wave,
        answer.country,
        answer.question_id,
        offered.category_id,
        answer.comparability,
        count(distinct answer.respondent_id) as n,
        sum(answer.weight) filter (where answer.category_id = answer.first_category) as weighted_n
    from (
        select *, min(category_id) over (partition by sample_id, question_id) as first_category
        from {{ ref('fct_multiple_response') }}
        where answer_status in ('dont_know', 'no_answer')
    ) as answer
    inner join {{ ref('int_offered_category') }} as offered
        on answer.sample_id = offered.sample_id
        and answer.question_id = offered.question_id
        and answer.answer_status = offered.missing_type
    group by answer.wave, answer.country, answer.question_id, offered.category_id, answer.comparability
)

select * from single
union all
select * from multiple
union all
select * from multiple_missing
