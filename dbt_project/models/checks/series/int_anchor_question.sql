-- Anchors are the ordinal questions of at least half of a country's waves.
with wave_count as (
    select country, count(distinct wave) as n_waves
    from {{ ref('int_judged_question') }}
    group by country
),

anchor as (
    select judged.country, judged.question_id
    from {{ ref('int_judged_question') }} as judged
    inner join wave_count on judged.country = wave_count.country
    where judged.answer_type = 'ordinal'
    group by judged.country, judged.question_id, wave_count.n_waves
    having 2 * count(*) >= wave_count.n_waves
)

select judged.sample_id, judged.question_id
from {{ ref('int_judged_question') }} as judged
inner join anchor on judged.country = anchor.country and judged.question_id = anchor.question_id
