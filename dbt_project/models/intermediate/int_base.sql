with respondent as (
    select respondent_id, wave, country, question_id, answer_status, weight from {{ ref('fct_response') }}
    union all
    select distinct respondent_id, wave, country, question_id, answer_status, weight
    from {{ ref('fct_multiple_response') }}
)

select
    wave,
    country,
    question_id,
    count(*) as base_n,
    count(*) filter (where answer_status = 'answered') as base_substantive_n,
    sum(weight) as base_weighted_n
from respondent
where answer_status <> 'skipped'
group by wave, country, question_id
