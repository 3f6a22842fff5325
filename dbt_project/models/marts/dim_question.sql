-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    question_id,
    topic,
    answer_type,
    category_set,
    universe_question_id,
    universe_net,
    universe_category_id,
    note
    {{ label_columns('questions', 'questions') }}
from {{ ref('questions') }} as questions
order by question_id
