-- Clusters are distinguished within their stratum, as agencies number them. Weights are taken relative to the largest of the
-- sample, on which no share depends, so that none is too large for an exact sum.
with delivered as (
    select
        int_weight.sample_id,
        int_weight.row,
        design.stratum_variable,
        design.cluster_variable,
        stratum_cell.value as raw_stratum,
        cluster_cell.value as raw_cluster,
        case when int_weight.weight > 0 and int_weight.weight < cast('infinity' as double) then int_weight.weight end as weight
    from {{ samples_of(ref('int_weight')) }} as int_weight
    inner join {{ ref('int_sampling_design') }} as design on int_weight.sample_id = design.sample_id
    left join {{ samples_of(ref('answer')) }} as stratum_cell
        on int_weight.sample_id = stratum_cell.sample_id
        and int_weight.row = stratum_cell.row
        and design.stratum_variable = stratum_cell.variable
    left join {{ samples_of(ref('answer')) }} as cluster_cell
        on int_weight.sample_id = cluster_cell.sample_id
        and int_weight.row = cluster_cell.row
        and design.cluster_variable = cluster_cell.variable
)

select
    sample_id,
    row,
    stratum_variable,
    cluster_variable,
    raw_stratum,
    raw_cluster,
    coalesce(raw_stratum, '') as stratum,
    case when cluster_variable is null then cast(row as string) else coalesce(raw_cluster, '') end as cluster,
    weight / max(weight) over (partition by sample_id) as relative_weight
from delivered
