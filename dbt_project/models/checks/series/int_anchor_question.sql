-- Anchors are the ordinal questions of at least half of the waves of a series.
with wave_count as (
    select series, count(distinct wave) as n_waves
    from {{ ref('int_eligible_question') }}
    group by series
),

anchor as (
    select eligible.series, eligible.question_id
    from {{ ref('int_eligible_question') }} as eligible
    inner join wave_count on eligible.series = wave_count.series
    where eligible.answer_type = 'ordinal'
    group by eligible.series, eligible.question_id, wave_count.n_waves
    having 2 * count(*) >= wave_count.n_waves
)

select eligible.sample_id, eligible.question_id
from {{ ref('int_eligible_question') }} as eligible
inner join anchor on eligible.series = anchor.series and eligible.question_id = anchor.question_id
