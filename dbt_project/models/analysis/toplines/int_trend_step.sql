-- Each net beside the wave of its series that asked the question before. Two waves are not comparable with another wording, options or scale,
-- another person who is rated (`referent`), or other people who are asked (`universe`).
select
    topline_net.sample_id,
    int_asked.series,
    topline_net.country,
    topline_net.question_id,
    topline_net.net,
    topline_net.wave,
    topline_net.n,
    topline_net.base_n,
    topline_net.pct,
    topline_net.n_effective,
    topline_net.degrees_of_freedom,
    topline_net.basis,
    topline_net.comparability,
    int_asked.referent,
    lag(topline_net.wave) over asked as previous_wave,
    lag(topline_net.pct) over asked as previous_pct,
    lag(topline_net.n_effective) over asked as previous_n_effective,
    lag(topline_net.degrees_of_freedom) over asked as previous_degrees_of_freedom,
    lag(topline_net.basis) over asked as previous_basis,
    coalesce(
        lag(topline_net.comparability) over asked <> topline_net.comparability
        or lag(coalesce(int_asked.referent, '')) over asked <> coalesce(int_asked.referent, '')
        or lag(coalesce(int_asked.universe, '')) over asked <> coalesce(int_asked.universe, ''),
        false
    ) as comparability_break
from {{ ref('topline_net') }} as topline_net
inner join {{ ref('int_asked') }} as int_asked
    on topline_net.sample_id = int_asked.sample_id and topline_net.question_id = int_asked.question_id
window asked as (
    partition by int_asked.series, topline_net.question_id, topline_net.net order by topline_net.wave
)
