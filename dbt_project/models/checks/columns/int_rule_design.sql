-- Every respondent has a stratum and a cluster where the crosswalk names a column of them, and the clusters are enough to be compared.
with unit as (
    select unit.*
    from {{ ref('int_sampling_unit') }} as unit
    inner join {{ ref('int_eligible_record') }} as eligible on unit.sample_id = eligible.sample_id and unit.row = eligible.row
),

clusters as (
    select
        sample_id,
        stratum_variable,
        cluster_variable,
        sum(n) as n,
        count(*) as n_clusters,
        count(distinct stratum) as n_strata
    from (
        select sample_id, stratum_variable, cluster_variable, stratum, cluster, count(*) as n
        from unit
        group by sample_id, stratum_variable, cluster_variable, stratum, cluster
    ) as counted
    group by sample_id, stratum_variable, cluster_variable
),

finding as (
    {% for role in ['stratum', 'cluster'] %}
    select
        'invalid_design' as rule,
        sample_id,
        {{ role }}_variable as variable,
        '<blank>' as code,
        count(*) as n,
        {{ first_values('row', 5) }} as first_rows,
        'a respondent needs a {{ role }}' as finding,
        'correct the file, or set the role of the column to ignored in crosswalk/variables.csv, with a note' as resolve_with
    from unit
    where {{ role }}_variable is not null and raw_{{ role }} is null
    group by sample_id, {{ role }}_variable

    union all
    {% endfor %}
    select
        'invalid_design', sample_id, coalesce(cluster_variable, stratum_variable), null, n, null,
        n_clusters || case when cluster_variable is null then ' respondents' else ' clusters' end || ' in ' || n_strata
        || ' strata let no error be estimated: there have to be more of them than strata',
        'is it the right column? Correct crosswalk/variables.csv, or set its role to ignored there, with a note; the design effect'
        || ' of survey/samples.csv is used then'
    from clusters
    where n_clusters <= n_strata
)

{{ findings_from('finding', ['rule', 'sample_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}
