select
    answer.sample_id,
    answer.row,
    choice.question_id,
    choice.category_id,
    choice.is_chosen,
    choice.raw_variable,
    choice.raw_code
from {{ ref('answer') }} as answer
inner join {{ ref('int_value_choice') }} as choice
    on {{ holds_value('answer', 'choice') }}
