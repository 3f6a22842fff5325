-- The numeric codes of an ordinal question rise or fall with the positions of their categories: two that were exchanged do
-- not. Of several codes of a category the smallest counts. A questionnaire may have another order: then the note of a code
-- says: not in order.
with list as (
    select
        variables.code_list,
        questions.category_set,
        count(*) as n_columns
    from {{ ref('variables') }} as variables
    inner join {{ deduplicated('questions', ['question_id']) }} as questions on variables.question_id = questions.question_id
    where variables.role = 'answer' and questions.answer_type = 'ordinal'
    group by variables.code_list, questions.category_set
),

numbered as (
    select
        list.*,
        code_lists.code,
        code_lists.category_id,
        code_lists.note,
        cast(code_lists.code as double) as number,
        categories.position,
        row_number() over (
            partition by list.code_list, list.category_set, code_lists.category_id order by cast(code_lists.code as double)
        ) as code_rank
    from list
    inner join {{ deduplicated('code_lists', ['code_list', 'code']) }} as code_lists on list.code_list = code_lists.code_list
    inner join {{ deduplicated('categories', ['category_set', 'category_id']) }} as categories
        on list.category_set = categories.category_set and code_lists.category_id = categories.category_id
    where categories.position is not null and {{ is_number('code_lists.code') }}
),

step as (
    select
        *,
        position - lag(position) over (partition by code_list, category_set order by number) as change
    from numbered
    where code_rank = 1
),

unordered as (
    select
        code_list,
        category_set,
        min(n_columns) as n_columns,
        case when count(*) filter (where change < 0) <= count(*) filter (where change > 0) then -1 else 1 end as wrong_direction,
        {{ joined_text("code || ' ' || category_id", 'number') }} as codes
    from step
    group by code_list, category_set
    having
        min(change) < 0 and max(change) > 0
        and not coalesce(bool_or(note like '%not in order%'), false)
),

turn as (
    select
        step.*,
        unordered.n_columns as n,
        unordered.codes,
        row_number() over (partition by step.code_list, step.category_set order by step.number) as turn_rank
    from step
    inner join unordered
        on step.code_list = unordered.code_list
        and step.category_set = unordered.category_set
        and step.change * unordered.wrong_direction > 0
),

-- The first code that goes the other way than most.
finding as (
    select
        'unordered_codes' as rule,
        '{{ seed_file("code_lists") }}' as file,
        code_list,
        code,
        n,
        'the numbers of the list do not run in the order of the categories of ' || category_set || ' (' || codes
        || '); where the questionnaire has them so, the note of a code says: not in order' as finding,
        {{ seed_line('code_lists', 'turn', {'category_id': "'<category_id>'"}) }} as resolve_with
    from turn
    where turn_rank = 1
)

{{ findings_from('finding', ['rule', 'file', 'code', 'n', 'finding', 'resolve_with', 'code_list']) }}
