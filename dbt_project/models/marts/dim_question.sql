-- depends_on: {{ ref('gate') }}
select
    question_id,
    topic,
    label_en,
    label_ko,
    label_ja,
    answer_type,
    category_set,
    universe,
    respondent_role,
    note
from {{ ref('questions') }}
order by question_id
