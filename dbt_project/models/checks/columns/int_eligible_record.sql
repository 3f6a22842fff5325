select distinct respondent.sample_id, respondent.row
from {{ ref('stg_respondent') }} as respondent
inner join {{ ref('int_eligible_sample') }} as eligible on respondent.sample_id = eligible.sample_id
left join {{ ref('int_broken_record') }} as broken
    on respondent.sample_id = broken.sample_id and respondent.row = broken.row
where broken.row is null
