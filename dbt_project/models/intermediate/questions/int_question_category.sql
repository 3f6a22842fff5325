select distinct questions.question_id, categories.category_id
from {{ ref('questions') }} as questions
inner join {{ ref('categories') }} as categories on questions.category_set = categories.category_set
