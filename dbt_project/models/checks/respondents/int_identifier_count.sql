select sample_id, count(distinct agency_id) as n_ids
from {{ samples_of(ref('stg_respondent')) }}
group by sample_id
