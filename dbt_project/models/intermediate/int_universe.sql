-- Whether each record is inside the universe of each filtered question, recomputed from the parent's answer.
with asked as (
    select distinct stg_column.sample_id, stg_column.question_id
    from {{ ref('stg_column') }} as stg_column
    where stg_column.role = 'answer'
)

select
    parent.sample_id,
    parent.row,
    questions.question_id,
    questions.universe_question_id,
    -- Nothing follows from a parent's code that means nothing; it is a violation of its own.
    case
        when parent.category_id is not null
            then coalesce(
                parent.net = questions.universe_net or parent.category_id = questions.universe_category_id, false
            )
    end as is_inside
from {{ one_row_each('questions', ['question_id']) }} as questions
inner join asked on questions.question_id = asked.question_id
inner join {{ ref('int_single_answer') }} as parent
    on questions.universe_question_id = parent.question_id and asked.sample_id = parent.sample_id
