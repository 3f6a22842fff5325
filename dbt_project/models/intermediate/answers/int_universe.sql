-- Whether each record is inside the universe of each filtered question, recomputed from the answers to its parents: with several,
-- it has to be so by all of them.
with by_parent as (
    select
        answer.sample_id,
        answer.row,
        parent.question_id,
        parent.is_inside,
        parent.n_parents
    from {{ ref('answer') }} as answer
    inner join {{ ref('int_universe_value') }} as parent
        on {{ holds_value('answer', 'parent') }}
)

select sample_id, row, question_id, is_inside
from by_parent
where n_parents = 1

union all

select
    sample_id,
    row,
    question_id,
    case when count(*) = count(is_inside) then bool_and(is_inside) end as is_inside
from by_parent
where n_parents > 1
group by sample_id, row, question_id
