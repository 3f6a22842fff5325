-- Whether each record is inside the universe of each filtered question, recomputed from the parent's answer.
select
    parent.sample_id,
    parent.row,
    filtered.question_id,
    filtered.universe_question_id,
    -- Nothing follows from a parent's code that means nothing; it is a violation of its own.
    case
        when parent.category_id is not null
            then coalesce(
                    parent.net = filtered.universe_net or parent.category_id = filtered.universe_category_id, false
                )
    end as is_inside
from {{ ref('int_filtered_question') }} as filtered
inner join {{ ref('int_single_answer') }} as parent
    on filtered.sample_id = parent.sample_id and filtered.universe_question_id = parent.question_id
