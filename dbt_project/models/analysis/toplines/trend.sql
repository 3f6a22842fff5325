-- Each net beside the wave that asked the question before. No change is computed where the two are not comparable: another
-- wording, options or scale, or another person who is rated (`about`).
with series as (
    select
        topline_net.country,
        topline_net.question_id,
        topline_net.net,
        topline_net.wave,
        topline_net.pct,
        topline_net.n,
        topline_net.base_n,
        topline_net.comparability,
        int_asked.about,
        lag(topline_net.wave) over asked as previous_wave,
        lag(topline_net.pct) over asked as previous_pct,
        lag(topline_net.n) over asked as previous_n,
        lag(topline_net.base_n) over asked as previous_base_n,
        coalesce(
            lag(topline_net.comparability) over asked <> topline_net.comparability
            or lag(coalesce(int_asked.about, '')) over asked <> coalesce(int_asked.about, ''),
            false
        ) as comparability_break
    from {{ ref('topline_net') }} as topline_net
    inner join {{ ref('int_asked') }} as int_asked
        on topline_net.wave = int_asked.wave
        and topline_net.country = int_asked.country
        and topline_net.question_id = int_asked.question_id
    window asked as (
        partition by topline_net.country, topline_net.question_id, topline_net.net order by topline_net.wave
    )
),

compared as (
    select
        *,
        case when not comparability_break then pct - previous_pct end as change,
        case
            when not comparability_break
                then {{ share_difference_error('n', 'base_n', 'previous_n', 'previous_base_n', pooled=false) }}
        end as std_error
    from series
),

tested as (
    select *, change / nullif(std_error, 0) as z, {{ two_sided_p('change / nullif(std_error, 0)') }} as p_value
    from compared
),

ranked as (
    select
        *,
        {{ holm_rank('p_value', 'p_value nulls last, country, net, wave', among='question_id') }}
    from tested
)

select
    country,
    question_id,
    net,
    wave,
    pct,
    n,
    base_n,
    previous_wave,
    change,
    std_error,
    z,
    p_value,
    {{ holm_adjusted('p_value', among='question_id') }} as p_adjusted,
    comparability,
    about,
    comparability_break
from ranked
order by country, question_id, {{ net_order('net') }}, wave
