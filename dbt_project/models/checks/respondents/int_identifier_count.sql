select sample_id, count(distinct agency_id) as n_ids
from {{ ref('stg_respondent') }}
group by sample_id
