{#
  The variances of ratios by Taylor linearisation (Binder 1983, Int. Stat. Rev. 51; Wolter 2007, ch. 6), one row per sample,
  question, grouping and option. A ratio is that of two totals, a and b; its variance is that of the sum over the clusters of
  (a - ratio * b) / total of b, taken between the clusters of each stratum. All clusters of the sample count, those too that have
  no part in b. A stratum of one cluster has nothing to be compared with and is taken about the mean of the sample, which is 0.
  unit_base: a relation with sample_id, question_id, stratum, cluster, base_n and base_weighted_n, whose total is b. unit_option:
  one with sample_id, question_id, grouping, option_id, stratum, cluster and weighted_n, whose total is a; no option may exceed b.
#}
{% macro linearised_variance(unit_base, unit_option) -%}
with stratum_size as (
    select sample_id, stratum, count(*) as n_clusters
    from (select distinct sample_id, stratum, cluster from {{ samples_of(ref('int_sampling_unit')) }}) as units
    group by sample_id, stratum
),

base as (
    select
        sample_id,
        question_id,
        count(*) as n_clusters,
        count(*) - count(distinct stratum) as degrees_of_freedom,
        cast(sum(base_n) as bigint) as base_n,
        {{ exact_sum('base_weighted_n') }} as base_weighted_n
    from {{ unit_base }}
    group by sample_id, question_id
),

-- In units of the mean cluster, so that the decimals of an exact sum suffice.
unit as (
    select
        asked.sample_id,
        asked.question_id,
        asked.stratum,
        asked.cluster,
        base.n_clusters / base.base_weighted_n as scale,
        asked.base_weighted_n * base.n_clusters / base.base_weighted_n as b
    from {{ unit_base }} as asked
    inner join base on asked.sample_id = base.sample_id and asked.question_id = base.question_id
),

stratum_base as (
    select
        unit.sample_id,
        unit.question_id,
        unit.stratum,
        max(stratum_size.n_clusters) as n_clusters,
        {{ exact_sum('unit.b') }} as b,
        {{ exact_sum('unit.b * unit.b') }} as bb
    from unit
    inner join stratum_size on unit.sample_id = stratum_size.sample_id and unit.stratum = stratum_size.stratum
    group by unit.sample_id, unit.question_id, unit.stratum
),

stratum_option as (
    select
        unit.sample_id,
        unit.question_id,
        gave.grouping,
        gave.option_id,
        unit.stratum,
        {{ exact_sum('gave.weighted_n') }} as weighted_n,
        {{ exact_sum('gave.weighted_n * unit.scale') }} as a,
        {{ exact_sum('gave.weighted_n * unit.scale * gave.weighted_n * unit.scale') }} as aa,
        {{ exact_sum('gave.weighted_n * unit.scale * unit.b') }} as ab
    from unit
    inner join {{ unit_option }} as gave
        on unit.sample_id = gave.sample_id
        and unit.question_id = gave.question_id
        and unit.stratum = gave.stratum
        and unit.cluster = gave.cluster
    group by unit.sample_id, unit.question_id, gave.grouping, gave.option_id, unit.stratum
),

given as (
    select
        base.sample_id,
        base.question_id,
        stratum_option.grouping,
        stratum_option.option_id,
        base.n_clusters,
        base.degrees_of_freedom,
        base.base_n,
        {{ exact_sum('stratum_option.weighted_n') }} / base.base_weighted_n as share
    from base
    inner join stratum_option on base.sample_id = stratum_option.sample_id and base.question_id = stratum_option.question_id
    group by
        base.sample_id, base.question_id, stratum_option.grouping, stratum_option.option_id,
        base.n_clusters, base.degrees_of_freedom, base.base_n, base.base_weighted_n
),

deviation as (
    select
        given.*,
        stratum_base.n_clusters as stratum_clusters,
        coalesce(stratum_option.a, 0) - given.share * stratum_base.b as total,
        coalesce(stratum_option.aa, 0) - 2 * given.share * coalesce(stratum_option.ab, 0) + given.share * given.share * stratum_base.bb
            as squares
    from given
    inner join stratum_base on given.sample_id = stratum_base.sample_id and given.question_id = stratum_base.question_id
    left join stratum_option
        on given.sample_id = stratum_option.sample_id
        and given.question_id = stratum_option.question_id
        and given.grouping = stratum_option.grouping
        and given.option_id = stratum_option.option_id
        and stratum_base.stratum = stratum_option.stratum
),

contribution as (
    select
        *,
        case
            when stratum_clusters > 1
                then 1e0 * stratum_clusters / (stratum_clusters - 1) * (squares - total * total / stratum_clusters)
            else squares
        end as between_clusters
    from deviation
)

select
    sample_id,
    question_id,
    grouping,
    option_id,
    base_n,
    share,
    degrees_of_freedom,
    greatest(0, {{ exact_sum('between_clusters / n_clusters') }} / n_clusters) as variance
from contribution
group by sample_id, question_id, grouping, option_id, n_clusters, degrees_of_freedom, base_n, share
{%- endmacro %}
