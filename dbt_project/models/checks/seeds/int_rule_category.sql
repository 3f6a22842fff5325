-- Every code of a column means a category that its question has, or a reserved one that its layout can hold; and every
-- category of a question that is asked is offered by some sample: by a code, by an indicator column, or by a range of
-- numbers. The answers of a numeric question are numbers, so that its set has missing answers only. A set may name a kind of missing answer that nobody has given yet: its code is an unknown one on that day.
with offered as (
    select
        variables.question_id,
        case when variables.layout = 'indicator' then variables.category_id end as indicator_category_id,
        code_lists.category_id,
        variables.layout
    from {{ ref('variables') }} as variables
    left join {{ ref('code_lists') }} as code_lists on variables.code_list = code_lists.code_list
    where variables.role = 'answer'
    group by variables.question_id, indicator_category_id, code_lists.category_id, variables.layout
),

finding as (
    select
        'unfit_code' as rule,
        '{{ seed_file("code_lists") }}' as file,
        variables.sample_id,
        variables.question_id,
        variables.variable,
        code_lists.code,
        'the code means ' || code_lists.category_id || ', which a column of layout ' || variables.layout || ' with the set '
        || questions.category_set || ' cannot hold' as finding,
        {{ seed_line('code_lists', 'code_lists', {'category_id': "'<category_id>'"}) }} as resolve_with
    from {{ ref('variables') }} as variables
    inner join {{ deduplicated('questions', ['question_id']) }} as questions on variables.question_id = questions.question_id
    inner join {{ deduplicated('code_lists', ['code_list', 'code']) }} as code_lists
        on variables.code_list = code_lists.code_list
    left join {{ deduplicated('categories', ['category_set', 'category_id']) }} as question_category
        on questions.category_set = question_category.category_set and code_lists.category_id = question_category.category_id
    where
        variables.role = 'answer'
        -- Nothing but a question with categories can hold or fail to hold a code.
        and questions.category_set in (select category_set from {{ ref('categories') }})
        and case
            when code_lists.category_id = 'skipped' then false
            when variables.layout = 'indicator'
                then code_lists.category_id not in ('chosen', 'not_chosen')
                    and coalesce(question_category.missing_type, '') not in ('dont_know', 'no_answer')
            when variables.layout in ('ranked', 'delimited') and code_lists.category_id = 'no_further_choice' then false
            else question_category.category_id is null
        end

    union all
    select
        'unfit_code',
        '{{ seed_file("categories") }}',
        null, questions.question_id, null, null,
        'the set ' || categories.category_set || ' of the numeric question has '
        || case
            when categories.missing_type is null
                then 'the category ' || categories.category_id || ', which is no missing answer: its answers are numbers'
            else 'a position, net or range in the category ' || categories.category_id || ', which is a missing answer'
        end,
        case
            when categories.missing_type is null
                then 'give the question a set of its missing answers alone in {{ seed_file("questions") }}, or another answer_type; '
            else ''
        end
        || {{ seed_line('categories', 'categories', {
            'position': "''", 'net': "''", 'value_min': "''", 'value_max': "''",
            'missing_type': "coalesce(categories.missing_type, '<missing_type>')"}) }}
    from {{ deduplicated('questions', ['question_id']) }} as questions
    inner join {{ deduplicated('categories', ['category_set', 'category_id']) }} as categories
        on questions.category_set = categories.category_set
    where
        questions.answer_type = 'numeric'
        and (
            categories.missing_type is null or categories.position is not null or categories.net is not null
            or categories.value_min is not null or categories.value_max is not null
        )

    union all
    select
        'missing_code' as rule,
        '{{ seed_file("code_lists") }}' as file,
        null as sample_id,
        questions.question_id,
        null as variable,
        null as code,
        'no sample can give the category ' || categories.category_id || ' of the set ' || categories.category_set as finding,
        '{{ seed_file("code_lists") }}: <code_list>,<code>,' || categories.category_id || ',' as resolve_with
    from {{ deduplicated('questions', ['question_id']) }} as questions
    inner join {{ deduplicated('categories', ['category_set', 'category_id']) }} as categories
        on questions.category_set = categories.category_set
    inner join offered on questions.question_id = offered.question_id
    where categories.missing_type is null and questions.answer_type <> 'numeric'
    group by questions.question_id, categories.category_set, categories.category_id
    having
        not bool_or(
            coalesce(offered.category_id = categories.category_id, false)
            or coalesce(offered.indicator_category_id = categories.category_id, false)
            or (offered.layout in ('number', 'birth_year') and categories.value_min is not null)
        )
)

{{ findings_from(
    'finding',
    ['rule', 'file', 'sample_id', 'question_id', 'variable', 'code', 'finding', 'resolve_with']) }}
