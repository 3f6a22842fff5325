-- Anchors are the ordinal questions of at least half of a country's waves.
with wave_count as (
    select country, count(distinct wave) as n_waves
    from {{ ref('int_eligible_question') }}
    group by country
),

anchor as (
    select eligible.country, eligible.question_id
    from {{ ref('int_eligible_question') }} as eligible
    inner join wave_count on eligible.country = wave_count.country
    where eligible.answer_type = 'ordinal'
    group by eligible.country, eligible.question_id, wave_count.n_waves
    having 2 * count(*) >= wave_count.n_waves
)

select eligible.sample_id, eligible.question_id
from {{ ref('int_eligible_question') }} as eligible
inner join anchor on eligible.country = anchor.country and eligible.question_id = anchor.question_id
