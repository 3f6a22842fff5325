-- The share of each kind of missing answer among those who were asked, with its band: the question's own or the
-- country's default. Not eligible where another rule has reported the cause.
with counted as (
    select
        sample_id,
        question_id,
        cast(sum(n) as bigint) as base_n,
        cast(coalesce(sum(n) filter (where answer_status = 'dont_know'), 0) as bigint) as dont_know,
        cast(coalesce(sum(n) filter (where answer_status = 'no_answer'), 0) as bigint) as no_answer,
        max(first_rows) filter (where answer_status = 'dont_know') as dont_know_rows,
        max(first_rows) filter (where answer_status = 'no_answer') as no_answer_rows
    from {{ ref('int_status_count') }}
    where answer_status <> 'skipped'
    group by sample_id, question_id
),

share as (
    select sample_id, question_id, 'dont_know' as missing_type, dont_know as n, base_n, dont_know_rows as first_rows
    from counted
    union all
    select sample_id, question_id, 'no_answer' as missing_type, no_answer as n, base_n, no_answer_rows as first_rows
    from counted
),

eligible as (
    select question.sample_id, question.question_id
    from {{ ref('int_eligible_question') }} as question
    inner join {{ ref('int_eligible_sample') }} as sample on question.sample_id = sample.sample_id
)

select
    share.sample_id,
    share.question_id,
    -- Only a question of one column has a variable to name.
    case when asked.variables not like '%;%' then asked.variables end as variable,
    asked.country,
    share.missing_type,
    share.n,
    share.base_n,
    100e0 * share.n / share.base_n as pct,
    coalesce(question_band.min_pct, country_band.min_pct) as min_pct,
    coalesce(question_band.max_pct, country_band.max_pct) as max_pct,
    question_band.question_id is not null as has_own_band,
    share.first_rows,
    eligible.question_id is not null as is_eligible
from share
inner join {{ ref('int_asked') }} as asked
    on share.sample_id = asked.sample_id and share.question_id = asked.question_id
left join {{ deduplicated('missing_bands', ['country', 'question_id', 'missing_type']) }} as question_band
    on asked.country = question_band.country and asked.question_id = question_band.question_id and share.missing_type = question_band.missing_type
left join {{ deduplicated('missing_bands', ['country', 'question_id', 'missing_type']) }} as country_band
    on asked.country = country_band.country and country_band.question_id is null and share.missing_type = country_band.missing_type
left join eligible
    on share.sample_id = eligible.sample_id and share.question_id = eligible.question_id
