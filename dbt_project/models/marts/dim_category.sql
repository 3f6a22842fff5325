-- depends_on: {{ ref('gate') }}
select
    questions.question_id,
    categories.category_id,
    categories.position,
    categories.net,
    categories.missing_type,
    categories.label_en,
    categories.label_ko,
    categories.label_ja
from {{ ref('questions') }} as questions
inner join {{ ref('categories') }} as categories on questions.category_set = categories.category_set
order by questions.question_id, categories.position nulls last, categories.category_id
