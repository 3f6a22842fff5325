-- Whether each record is inside the universe of each filtered question, recomputed from the answers to its parents: one of
-- the conditions of each parent has to hold. Nothing follows from a parent's code that means nothing; it is a violation of its own.
with condition as (
    select
        parent.sample_id,
        parent.row,
        filtered.question_id,
        filtered.parent_question_id,
        case
            when coalesce(filtered.net, filtered.category_id) is not null and parent.category_id is null and parent.value is null then null
            when coalesce(filtered.net, filtered.category_id) is not null
                then coalesce(parent.net = filtered.net or parent.category_id = filtered.category_id, false)
            when parent.missing_type is not null then false
            else parent.number between coalesce(filtered.value_min, parent.number) and coalesce(filtered.value_max, parent.number)
        end as holds
    from {{ ref('int_filtered_question') }} as filtered
    inner join {{ ref('int_single_answer') }} as parent
        on filtered.sample_id = parent.sample_id and filtered.parent_question_id = parent.question_id
),

parent_condition as (
    select
        sample_id,
        row,
        question_id,
        parent_question_id,
        case when count(*) = count(holds) then bool_or(holds) end as holds
    from condition
    group by sample_id, row, question_id, parent_question_id
)

select
    sample_id,
    row,
    question_id,
    case when count(*) = count(holds) then bool_and(holds) end as is_inside
from parent_condition
group by sample_id, row, question_id
