-- Whether who gave this answer to a parent is inside the universe, as far as it goes by this parent: one of its conditions has to hold.
-- Nothing follows from a parent's code that means nothing; it is a violation of its own.
with condition as (
    select
        parent.sample_id,
        filtered.question_id,
        filtered.parent_question_id,
        parent.column_position,
        parent.raw_code,
        case
            when coalesce(filtered.net, filtered.category_id) is not null and parent.category_id is null and parent.value is null then null
            when coalesce(filtered.net, filtered.category_id) is not null
                then coalesce(parent.net = filtered.net or parent.category_id = filtered.category_id, false)
            when parent.missing_type is not null then false
            else parent.number between coalesce(filtered.value_min, parent.number) and coalesce(filtered.value_max, parent.number)
        end as holds
    from {{ ref('int_filtered_question') }} as filtered
    inner join {{ ref('int_value_meaning') }} as parent
        on filtered.sample_id = parent.sample_id and filtered.parent_question_id = parent.question_id
    where parent.layout in ('single', 'number', 'birth_year')
),

parent_condition as (
    select
        sample_id,
        question_id,
        parent_question_id,
        column_position,
        raw_code,
        case when count(*) = count(holds) then bool_or(holds) end as is_inside
    from condition
    group by sample_id, question_id, parent_question_id, column_position, raw_code
),

parents as (
    select sample_id, question_id, count(distinct parent_question_id) as n_parents
    from parent_condition
    group by sample_id, question_id
)

select
    parent_condition.sample_id,
    parent_condition.question_id,
    parent_condition.parent_question_id,
    parent_condition.column_position,
    parent_condition.raw_code,
    parent_condition.is_inside,
    parents.n_parents
from parent_condition
inner join parents
    on parent_condition.sample_id = parents.sample_id and parent_condition.question_id = parents.question_id
