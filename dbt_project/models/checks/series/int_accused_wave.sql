-- Of each question with a jump that nothing explains, the clearest jump, and which of its two waves is wrong. A published number
-- decides, where there is one; else the askings before and after the two, which each of them should fit.
{% set degrees = var('movement_degrees') %}
{# In logarithms: 20 times as likely. #}
{% set certain = 3 %}
with jump as (
    select
        drift.*,
        asking.series,
        asking.previous_sample_id,
        asking.form,
        asking.referent,
        asking.is_alike,
        row_number() over (partition by drift.sample_id, drift.question_id order by abs(drift.t) desc, drift.category_id, drift.share_of)
            as jump_rank,
        count(*) over (partition by drift.sample_id, drift.question_id) as n_jumps
    from {{ ref('drift') }} as drift
    inner join {{ ref('int_comparable_asking') }} as asking
        on drift.sample_id = asking.sample_id and drift.question_id = asking.question_id
    where drift.is_jump and drift.explained_by is null
),

clearest as (
    select
        jump.*,
        drift.category_id as compared_category_id,
        count(*) over (partition by drift.sample_id, drift.question_id) as n_compared
    from jump
    inner join {{ ref('drift') }} as drift
        on jump.sample_id = drift.sample_id and jump.question_id = drift.question_id and jump.share_of = drift.share_of
    where jump.jump_rank = 1
),

-- The same share in every asking that offers all categories of the comparison.
asking_share as (
    select
        clearest.sample_id,
        clearest.question_id,
        clearest.wave as later_wave,
        clearest.previous_wave as earlier_wave,
        clearest.movement,
        asking.wave,
        sum(share.n) filter (where share.category_id = clearest.category_id) as n,
        {{ exact_sum('case when share.category_id = clearest.category_id then share.weighted_n else 0 end') }} as weighted_n,
        case when clearest.share_of = 'all' then coalesce(max(share.multiple_base_n), sum(share.n)) else sum(share.n) end as base_n,
        coalesce(
            case when clearest.share_of = 'all' then max(share.multiple_base_weighted_n) end, {{ exact_sum('share.weighted_n') }}
        ) as base_weighted_n,
        max(share.design_effect) as design_effect
    from clearest
    inner join {{ ref('int_comparable_asking') }} as asking
        on clearest.series = asking.series
        and clearest.question_id = asking.question_id
        and clearest.form = asking.form
        and clearest.referent = asking.referent
    inner join {{ ref('int_sound_share') }} as share
        on asking.sample_id = share.sample_id
        and asking.question_id = share.question_id
        and clearest.compared_category_id = share.category_id
    group by
        clearest.sample_id, clearest.question_id, clearest.wave, clearest.previous_wave, clearest.movement, clearest.share_of,
        asking.wave, clearest.n_compared
    having count(*) = clearest.n_compared
),

witness as (
    select
        *,
        row_number() over (partition by sample_id, question_id order by is_second, distance, wave) as nearness
    from (
        select
            *,
            row_number() over (partition by sample_id, question_id, wave < earlier_wave order by distance) > 1 as is_second
        from (
            select *, case when wave < earlier_wave then earlier_wave - wave else wave - later_wave end as distance
            from asking_share
            where base_n > 0 and (wave < earlier_wave or wave > later_wave)
        ) as outside
    ) as ordered
),

misfit as (
    select
        witness.sample_id,
        witness.question_id,
        witness.wave,
        witness.movement,
        accused.wave = witness.later_wave as is_later,
        100e0 * accused.weighted_n / accused.base_weighted_n - 100e0 * witness.weighted_n / witness.base_weighted_n as difference,
        {{ share_difference_error(
            '(accused.weighted_n / accused.base_weighted_n)', '(accused.base_n / accused.design_effect)',
            '(witness.weighted_n / witness.base_weighted_n)', '(witness.base_n / witness.design_effect)') }} as std_error
    from witness
    inner join asking_share as accused
        on witness.sample_id = accused.sample_id
        and witness.question_id = accused.question_id
        and accused.wave in (witness.earlier_wave, witness.later_wave)
    where witness.nearness <= 2
),

weighed as (
    select
        sample_id,
        question_id,
        {{ joined_text('case when is_later then cast(wave as string) end', 'wave') }} as witnesses,
        -- Student's t, as in the other rules of the series, of the later wave less that of the earlier.
        sum(
            case when is_later then -1 else 1 end * ({{ degrees }} + 1) / 2e0
            * ln(1 + difference * difference / ({{ degrees }} * (std_error * std_error + movement * movement)))
        ) as log_likelihood_ratio
    from misfit
    group by sample_id, question_id
),

weighed_wave as (
    select
        jump.*,
        earlier.n as earlier_n,
        weighed.log_likelihood_ratio,
        weighed.witnesses,
        coalesce(published.is_contradicted, false) as later_is_contradicted,
        coalesce(previously_published.is_contradicted, false) as earlier_is_contradicted,
        jump.share_of = 'all' and coalesce(previously_published.is_alone, false) as earlier_is_published,
        case
            when coalesce(published.is_contradicted, false) <> coalesce(previously_published.is_contradicted, false)
                then case when published.is_contradicted then 'later' else 'earlier' end
            when jump.share_of = 'all' and previously_published.is_alone then 'later'
            when weighed.log_likelihood_ratio >= {{ certain }} then 'earlier'
            when weighed.log_likelihood_ratio <= -{{ certain }} then 'later'
            else 'either'
        end as wrong_wave
    from jump
    inner join asking_share as earlier
        on jump.sample_id = earlier.sample_id and jump.question_id = earlier.question_id and jump.previous_wave = earlier.wave
    left join {{ ref('int_published_share') }} as published
        on jump.sample_id = published.sample_id
        and jump.question_id = published.question_id
        and jump.category_id = published.category_id
    left join {{ ref('int_published_share') }} as previously_published
        on jump.previous_sample_id = previously_published.sample_id
        and jump.question_id = previously_published.question_id
        and jump.category_id = previously_published.category_id
    left join weighed on jump.sample_id = weighed.sample_id and jump.question_id = weighed.question_id
    where jump.jump_rank = 1
),

accused as (
    select
        case wrong_wave when 'earlier' then previous_sample_id else sample_id end as sample_id,
        question_id,
        category_id,
        share_of,
        is_alike,
        n_jumps,
        case wrong_wave when 'earlier' then earlier_n else n end as n,
        case wrong_wave when 'earlier' then previous_pct else pct end as pct,
        case wrong_wave when 'earlier' then pct else previous_pct end as other_pct,
        case wrong_wave when 'earlier' then wave else previous_wave end as other_wave,
        abs(t) as t,
        sample_id as later_sample_id,
        previous_sample_id as earlier_sample_id,
        change,
        wrong_wave = 'either' as is_either,
        case
            when later_is_contradicted <> earlier_is_contradicted
                then 'it disagrees with its published number, the other does not'
            when earlier_is_published then previous_sample_id || ' agrees with its published number'
            when wrong_wave <> 'either'
                then 'of the two, it is at odds with ' || replace(witnesses, ';', ' and ')
                    || ' (log likelihood ratio ' || printf('%.0f', abs(log_likelihood_ratio)) || ')'
            else 'either ' || previous_sample_id || ' or ' || sample_id || ' is wrong: '
                || coalesce(replace(witnesses, ';', ' and ') || ' do not say which', 'no other wave is comparable')
        end as evidence
    from weighed_wave
),

-- A wave that is wrong for certain explains the jumps beside it.
ranked as (
    select
        accused.*,
        row_number() over (partition by accused.sample_id, accused.question_id order by accused.is_either, accused.t desc) as accusation_rank
    from accused
    left join accused as certain
        on accused.is_either
        and not certain.is_either
        and accused.question_id = certain.question_id
        and certain.sample_id in (accused.later_sample_id, accused.earlier_sample_id)
    where certain.sample_id is null
)

select *
from ranked
where accusation_rank = 1
