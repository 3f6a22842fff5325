-- Where the question's comparability differs from the wave before, no change is computed: the line breaks.
with series as (
    select
        country,
        question_id,
        net,
        wave,
        pct,
        n,
        base_n,
        comparability,
        lag(wave) over line as previous_wave,
        lag(pct) over line as previous_pct,
        lag(std_error) over line as previous_std_error,
        std_error,
        coalesce(lag(comparability) over line <> comparability, false) as comparability_break
    from {{ ref('topline_net') }}
    window line as (partition by country, question_id, net order by wave)
),

change as (
    select
        *,
        case when not comparability_break then pct - previous_pct end as change,
        case
            when not comparability_break
                then sqrt(std_error * std_error + previous_std_error * previous_std_error)
        end as change_std_error
    from series
),

test as (
    select *, change / nullif(change_std_error, 0) as z, {{ two_sided_p('change / nullif(change_std_error, 0)') }} as p_value
    from change
),

-- Holm (1979, Scand. J. Stat. 6): the smallest p times the number of tests, the next times one fewer, never falling.
ranked as (
    select
        *,
        count(p_value) over (partition by question_id) as n_tests,
        row_number() over (partition by question_id order by p_value nulls last, country, net, wave) as p_rank
    from test
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
    change_std_error as std_error,
    z,
    p_value,
    case
        when p_value is not null
            then least(1.0, max(p_value * (n_tests - p_rank + 1)) over (
                partition by question_id order by p_rank rows between unbounded preceding and current row
            ))
    end as p_adjusted,
    comparability,
    comparability_break
from ranked
order by country, question_id, {{ net_order('net') }}, wave
