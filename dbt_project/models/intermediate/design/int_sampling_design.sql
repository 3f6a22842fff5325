select
    sample_id,
    max(variable) filter (where role = 'stratum') as stratum_variable,
    max(variable) filter (where role = 'cluster') as cluster_variable
from {{ ref('stg_column') }}
where role in ('stratum', 'cluster')
group by sample_id
