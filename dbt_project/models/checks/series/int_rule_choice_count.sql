-- How many answers a respondent chooses, against all other waves that asked in the same way: lists that were cut to the first
-- choice, or that go beyond what the questionnaire allows. Ranked columns bound the number and are compared with each other.
-- Shares are compared as arcsine square roots, whose variance depends on no share.
{% set threshold = 5 %}
{# Usual movement between waves, in arcsines: 4 points at 50%. #}
{% set movement = '4e-2' %}
with question as (
    select
        asking.sample_id,
        asking.wave,
        asking.series,
        asking.question_id,
        asking.form,
        asking.referent,
        bool_or(stg_column.layout = 'ranked') as is_ranked
    from {{ ref('int_comparable_asking') }} as asking
    inner join {{ ref('int_eligible_question') }} as eligible
        on asking.sample_id = eligible.sample_id and asking.question_id = eligible.question_id
    inner join {{ ref('stg_column') }} as stg_column
        on asking.sample_id = stg_column.sample_id and asking.question_id = stg_column.question_id
    where stg_column.answer_type = 'multiple'
    group by asking.sample_id, asking.wave, asking.series, asking.question_id, asking.form, asking.referent
),

counted as (
    select sample_id, question_id, n_choices, count(*) as n
    from {{ ref('int_multiple_status') }}
    where answer_status = 'answered'
    group by sample_id, question_id, n_choices
),

bound as (
    select distinct question_id, n_choices as at_least
    from counted
    where n_choices > 1
),

share as (
    select
        question.*,
        bound.at_least,
        coalesce(sum(counted.n) filter (where counted.n_choices >= bound.at_least), 0) as n,
        sum(counted.n) as base_n,
        max(design.design_effect) as design_effect
    from question
    inner join counted on question.sample_id = counted.sample_id and question.question_id = counted.question_id
    inner join bound on question.question_id = bound.question_id
    inner join {{ ref('int_design_effect') }} as design on question.sample_id = design.sample_id
    group by
        question.sample_id, question.wave, question.series, question.question_id, question.form, question.referent,
        question.is_ranked, bound.at_least
),

transformed as (
    select
        *,
        1e2 * n / base_n as pct,
        asin(sqrt((n + 375e-3) / (base_n + 75e-2))) as arcsine,
        design_effect / (4 * base_n + 2) as variance
    from share
),

-- A wrong wave differs from all others, a sound one from the wrong one only.
deviation as (
    select
        share.sample_id,
        share.wave,
        share.question_id,
        share.at_least,
        share.base_n,
        share.pct,
        min(abs(share.arcsine - wave_share.arcsine) / sqrt(share.variance + wave_share.variance + {{ movement }} * {{ movement }})) as z,
        min(wave_share.pct) as lowest_pct,
        max(wave_share.pct) as highest_pct,
        count(*) as n_waves,
        max(wave_share.wave) as last_wave,
        min(wave_share.sample_id) as other_sample_id
    from transformed as share
    inner join transformed as wave_share
        on share.series = wave_share.series
        and share.question_id = wave_share.question_id
        and share.form = wave_share.form
        and share.referent = wave_share.referent
        and share.is_ranked = wave_share.is_ranked
        and share.at_least = wave_share.at_least
        and share.wave <> wave_share.wave
    group by share.sample_id, share.wave, share.question_id, share.at_least, share.base_n, share.pct
),

clearest as (
    select *, row_number() over (partition by sample_id, question_id order by z desc, at_least) as clearness
    from deviation
),

finding as (
    select
        'choice_count' as rule,
        sample_id,
        question_id,
        base_n as n,
        printf('%.0f', pct) || '% of those who chose any chose ' || at_least || ' or more, in the other waves '
        || printf('%.0f', lowest_pct) || case when n_waves > 1 then ' to ' || printf('%.0f', highest_pct) else '' end || '%'
        || case when n_waves = 1 then '; either ' || other_sample_id || ' or ' || sample_id || ' is wrong' else '' end as finding,
        'correct the file: does it have all choices, and no more than the questionnaire allows?' as resolve_with
    from clearest
    -- Of two waves that differ from each other, one finding.
    where clearness = 1 and z > {{ threshold }} and (n_waves > 1 or wave > last_wave)
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'n', 'finding', 'resolve_with']) }}
