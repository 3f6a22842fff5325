-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    questions.question_id,
    categories.category_id,
    categories.position,
    categories.net,
    categories.missing_type
{{ label_columns('categories', 'categories') }}
from {{ ref('questions') }} as questions
inner join {{ ref('categories') }} as categories on questions.category_set = categories.category_set
order by questions.question_id, categories.position nulls last, categories.category_id
