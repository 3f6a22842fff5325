-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    questions.question_id,
    questions.topic,
    questions.answer_type,
    questions.category_set,
    questions.unit,
    questions.value_min,
    questions.value_max,
    questions.universe,
    questions.respondent_role,
    questions.note
{{ label_columns('questions', 'questions') }}
from {{ ref('questions') }} as questions
order by questions.question_id
