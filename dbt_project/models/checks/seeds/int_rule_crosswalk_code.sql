-- Every code of a column means a category that its question has, or a reserved one that its layout can hold.
select
    'unfit_code' as rule,
    '{{ seed_file("code_lists") }}' as file,
    variables.sample_id,
    variables.question_id,
    variables.variable,
    code_lists.code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    'the code means ' || code_lists.category_id || ', which a column of layout ' || variables.layout || ' with the set '
    || questions.category_set || ' cannot hold' as finding,
    {{ seed_line('code_lists', 'code_lists', {'category_id': "'<category_id>'"}) }} as resolve_with
from {{ ref('variables') }} as variables
inner join {{ one_row_each('questions', ['question_id']) }} as questions on variables.question_id = questions.question_id
inner join {{ one_row_each('code_lists', ['code_list', 'code']) }} as code_lists
    on variables.code_list = code_lists.code_list
left join {{ one_row_each('categories', ['category_set', 'category_id']) }} as own
    on questions.category_set = own.category_set and code_lists.category_id = own.category_id
where
    variables.role = 'answer'
    -- Nothing but a question with categories can hold or fail to hold a code.
    and questions.category_set in (select category_set from {{ ref('categories') }})
    and case
        when code_lists.category_id = 'skipped' then false
        when variables.layout = 'indicator'
            then code_lists.category_id not in ('chosen', 'not_chosen')
            and coalesce(own.missing_type, '') not in ('dont_know', 'no_answer')
        when variables.layout in ('ranked', 'delimited') and code_lists.category_id = 'no_further_choice' then false
        else own.category_id is null
    end
