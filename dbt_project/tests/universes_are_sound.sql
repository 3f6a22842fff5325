-- The universe of a filtered question can be recomputed: its parent is a single-answer question, asked wherever the
-- question is, and has the net or category that lets people in. A row here is a fault.
with filtered as (
    select
        questions.question_id,
        questions.universe_question_id,
        questions.universe_net,
        questions.universe_category_id,
        parent.question_id as parent_id,
        parent.answer_type as parent_type,
        parent.category_set as parent_set
    from {{ ref('questions') }} as questions
    left join {{ ref('questions') }} as parent on questions.universe_question_id = parent.question_id
    where coalesce(questions.universe_question_id, questions.universe_net, questions.universe_category_id) is not null
),

fault as (
    select question_id, 'universe_question_id ' || coalesce(universe_question_id, '(none)') || ' is not a question' as fault
    from filtered
    where parent_id is null

    union all
    select question_id, 'the parent ' || parent_id || ' has several answers, so nobody is in or out'
    from filtered
    where parent_type = 'multiple'

    union all
    select question_id, 'give universe_net or universe_category_id, one of the two'
    from filtered
    where (universe_net is null) = (universe_category_id is null)

    union all
    select filtered.question_id,
        'the parent ' || filtered.parent_id || ' has no ' || coalesce(filtered.universe_net, filtered.universe_category_id)
    from filtered
    left join {{ ref('categories') }} as categories
        on filtered.parent_set = categories.category_set
        and coalesce(filtered.universe_net, '') in ('', categories.net)
        and coalesce(filtered.universe_category_id, '') in ('', categories.category_id)
    where filtered.parent_id is not null and categories.category_id is null

    union all
    select distinct child.question_id, 'asked in ' || child.sample_id || ' without its parent ' || filtered.parent_id
    from filtered
    inner join {{ ref('variables') }} as child on filtered.question_id = child.question_id and child.role = 'answer'
    left join {{ ref('variables') }} as parent
        on child.sample_id = parent.sample_id
        and filtered.parent_id = parent.question_id
        and parent.role = 'answer'
    where filtered.parent_id is not null and parent.variable is null
)

select * from fault
