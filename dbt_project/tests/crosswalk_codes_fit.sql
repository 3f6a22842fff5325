-- Every code of a column means a category that its question has, or a reserved one that its layout can hold.
-- A row here is a fault.
with fault as (
    select variables.sample_id, variables.variable,
        'no row of code_lists has the code list ' || variables.code_list as fault
    from {{ ref('variables') }} as variables
    where
        variables.code_list is not null
        and variables.code_list not in (select code_list from {{ ref('code_lists') }})

    union all
    select variables.sample_id, variables.variable,
        'code ' || code_lists.code || ' of ' || code_lists.code_list || ' means ' || code_lists.category_id
        || ', which a column of layout ' || variables.layout || ' with the set ' || questions.category_set
        || ' cannot hold'
    from {{ ref('variables') }} as variables
    inner join {{ ref('questions') }} as questions on variables.question_id = questions.question_id
    inner join {{ ref('code_lists') }} as code_lists on variables.code_list = code_lists.code_list
    left join {{ ref('categories') }} as own
        on questions.category_set = own.category_set and code_lists.category_id = own.category_id
    where
        variables.role = 'answer'
        and case
            when code_lists.category_id = 'skipped' then false
            when variables.layout = 'indicator'
                then code_lists.category_id not in ('chosen', 'not_chosen')
                and coalesce(own.missing_type, '') not in ('dont_know', 'no_answer')
            when variables.layout in ('ranked', 'delimited') and code_lists.category_id = 'no_further_choice' then false
            else own.category_id is null
        end
)

select * from fault
