select distinct
    fact.sample_id,
    fact.wave,
    sample.series,
    fact.question_id,
    fact.category_id,
    fact.position,
    fact.net,
    case when fact.category_id is null then fact.value end as value,
    fact.answer_status,
    fact.comparability
from {{ samples_of(ref('fct_response')) }} as fact
inner join {{ ref('dim_sample') }} as sample on fact.sample_id = sample.sample_id
