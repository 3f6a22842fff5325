select distinct
    sample_id,
    wave,
    country,
    question_id,
    category_id,
    position,
    net,
    case when category_id is null then value end as value,
    answer_status,
    comparability
from {{ ref('fct_response') }}
