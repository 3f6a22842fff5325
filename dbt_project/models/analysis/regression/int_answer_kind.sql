select distinct
    sample_id,
    wave,
    country,
    question_id,
    category_id,
    position,
    net,
    answer_status,
    comparability
from {{ ref('fct_response') }}
