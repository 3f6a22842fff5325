-- Everything that the columns of a multiple-answer question hold, with what an indicator column stands for.
select
    int_answer.*,
    categories.missing_type as indicator_missing_type
from {{ ref('int_answer') }} as int_answer
inner join {{ one_row_each('questions', ['question_id']) }} as questions on int_answer.question_id = questions.question_id
left join {{ one_row_each('categories', ['category_set', 'category_id']) }} as categories
    on questions.category_set = categories.category_set
    and int_answer.indicator_category_id = categories.category_id
where int_answer.layout in ('indicator', 'ranked', 'delimited')
