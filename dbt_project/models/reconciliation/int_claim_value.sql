-- The warehouse's value of each claim, and whether the statement holds.
with series as (
    select
        claim_id,
        measure,
        max(pct) filter (where wave = claim_wave) as pct,
        max(pct_printed) filter (where wave = claim_wave) as pct_printed,
        max(pct) filter (where wave = base_wave) as base_pct,
        max(pct) filter (where wave <> claim_wave) as highest_other,
        min(pct) filter (where wave <> claim_wave) as lowest_other,
        bool_and(pct > previous_pct) filter (where wave > base_wave and wave <= claim_wave) as rises_throughout,
        bool_and(pct < previous_pct) filter (where wave > base_wave and wave <= claim_wave) as falls_throughout,
        bool_or(wave = base_wave) as has_base
    from {{ ref('int_claim_series') }}
    group by claim_id, measure
),

ranked as (
    select
        claims.claim_id,
        max(claim_rank.share_rank) filter (where sample.wave = claims.wave) as share_rank,
        max(claim_rank.share_rank) filter (where sample.wave = claims.base_wave) as base_rank
    from {{ ref('claims') }} as claims
    inner join {{ ref('dim_sample') }} as sample on claims.series = sample.series
    inner join {{ ref('int_claim_rank') }} as claim_rank
        on sample.sample_id = claim_rank.sample_id
        and claims.question_id = claim_rank.question_id
        and claims.option_id = claim_rank.category_id
    group by claims.claim_id
)

select
    series.claim_id,
    case series.measure
        when 'change' then series.pct - series.base_pct
        when 'rank' then ranked.share_rank
        when 'rising_since' then series.pct - series.base_pct
        when 'falling_since' then series.pct - series.base_pct
        else series.pct
    end as warehouse_value,
    case series.measure
        when 'level' then series.pct_printed
        when 'change' then round(series.pct - series.base_pct, 1)
        when 'rank' then ranked.share_rank
    end as comparable_value,
    case series.measure
        when 'series_maximum' then series.pct > series.highest_other
        when 'series_minimum' then series.pct < series.lowest_other
        when 'reversal' then ranked.base_rank > 1 and ranked.share_rank = 1
        when 'rising_since' then series.has_base and series.rises_throughout
        when 'falling_since' then series.has_base and series.falls_throughout
    end as statement_holds
from series
left join ranked on series.claim_id = ranked.claim_id
