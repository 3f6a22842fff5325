select distinct
    stg_column.sample_id,
    questions.question_id,
    questions.universe_question_id,
    questions.universe_net,
    questions.universe_category_id
from {{ ref('stg_column') }} as stg_column
inner join {{ deduplicated('questions', ['question_id']) }} as questions on stg_column.question_id = questions.question_id
where stg_column.role = 'answer' and questions.universe_question_id is not null
