-- A category of a question that is asked, which no sample offers: by a code, by an indicator column, or by a range of
-- numbers. A set may name a kind of missing answer that nobody has given yet: its code is an unknown one on that day.
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
)

select
    'missing_code' as rule,
    '{{ seed_file("code_lists") }}' as file,
    cast(null as varchar) as sample_id,
    questions.question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    'no sample can give the category ' || categories.category_id || ' of the set ' || categories.category_set as finding,
    '{{ seed_file("code_lists") }}: <code_list>,<code>,' || categories.category_id || ',' as resolve_with
from {{ one_row_each('questions', ['question_id']) }} as questions
inner join {{ one_row_each('categories', ['category_set', 'category_id']) }} as categories
    on questions.category_set = categories.category_set
inner join offered on questions.question_id = offered.question_id
where categories.missing_type is null
group by questions.question_id, categories.category_set, categories.category_id
having
    not bool_or(
        coalesce(offered.category_id = categories.category_id, false)
        or coalesce(offered.indicator_category_id = categories.category_id, false)
        or (offered.layout in ('number', 'birth_year') and categories.value_min is not null)
    )
