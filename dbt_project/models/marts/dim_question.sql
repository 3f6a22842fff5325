-- depends_on: {{ ref('gate') }}
select
    question_id,
    topic,
    label_en,
    label_ko,
    label_ja,
    answer_type,
    category_set,
    unit,
    value_min,
    value_max,
    universe_question_id,
    universe_net,
    universe_category_id,
    note
from {{ ref('questions') }}
order by question_id
