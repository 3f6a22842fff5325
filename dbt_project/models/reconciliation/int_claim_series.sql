-- Each claim beside every wave of the series that it could speak of: later waves do not make it wrong.
select
    claims.claim_id,
    claims.measure,
    claims.wave as claim_wave,
    claims.base_wave,
    series.wave,
    series.n,
    series.base_n,
    series.pct,
    series.pct_printed,
    lag(series.pct) over (partition by claims.claim_id order by series.wave) as previous_pct
from {{ ref('claims') }} as claims
inner join {{ ref('int_option_pct') }} as series
    on claims.series = series.series
    and claims.question_id = series.question_id
    and claims.option_id = series.option_id
    and claims.through_wave >= series.wave
