{#
  change_of(question, earlier_wave, later_wave) for any client: the nets of a question in any two waves, as analysis.trend has
  them for neighbours. What is assumed is not tested. No p value is adjusted: who compares many pairs has to.
  Two waves are independent samples, so that nothing is approximate here but Satterthwaite's degrees of freedom.
#}
{% macro create_change_of() %}
create or replace macro main.change_of(question, earlier_wave, later_wave) as table
with pair as (
    select
        later.sample_id,
        known.series,
        later.country,
        later.question_id,
        later.net,
        earlier.wave as from_wave,
        later.wave as to_wave,
        earlier.pct as from_pct,
        later.pct as to_pct,
        earlier.n_effective as from_n_effective,
        later.n_effective as to_n_effective,
        earlier.degrees_of_freedom as from_degrees,
        later.degrees_of_freedom as to_degrees,
        later.comparability = earlier.comparability
        and asked_later.referent is not distinct from asked_earlier.referent
        and asked_later.universe is not distinct from asked_earlier.universe as is_comparable,
        earlier.basis as from_basis,
        later.basis as to_basis
    from analysis.topline_net as later
    inner join marts.dim_sample as known on later.sample_id = known.sample_id
    inner join marts.dim_sample as known_earlier
        on known.series = known_earlier.series and known_earlier.wave = main.known_wave(earlier_wave)
    inner join analysis.topline_net as earlier
        on known_earlier.sample_id = earlier.sample_id
        and later.question_id = earlier.question_id
        and later.net = earlier.net
    inner join marts.availability as asked_later
        on later.sample_id = asked_later.sample_id and later.question_id = asked_later.question_id
    inner join marts.availability as asked_earlier
        on earlier.sample_id = asked_earlier.sample_id and earlier.question_id = asked_earlier.question_id
    where later.question_id = main.question_of_categories(question) and later.wave = main.known_wave(later_wave)
),

compared as (
    select
        *,
        case when is_comparable then to_pct - from_pct end as change,
        case
            when is_comparable and from_basis <> 'assumed' and to_basis <> 'assumed'
                then {{ share_difference_error('(to_pct / 100)', 'to_n_effective', '(from_pct / 100)', 'from_n_effective') }}
        end as std_error,
        {{ joint_degrees('to_n_effective', 'to_degrees', 'from_n_effective', 'from_degrees') }} as joint_degrees
    from pair
),

standardised as (
    select *, change / nullif(std_error, 0) as z
    from compared
)

select
    series,
    country,
    question_id,
    net,
    from_wave,
    to_wave,
    from_pct,
    to_pct,
    from_basis,
    to_basis,
    is_comparable,
    change,
    std_error,
    z,
    {{ two_sided_p('deviate') }} as p_value
from (select *, {{ deviate_of_t('z', 'joint_degrees') }} as deviate from standardised) as tested
order by series, {{ net_order('net') }};
comment on macro table main.change_of is 'change_of(question, earlier_wave, later_wave): the change of each net between any two waves, with its standard error and p value'
{% endmacro %}
