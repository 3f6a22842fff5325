-- Every row of the crosswalk says enough to be read, and points only at what exists. A row here is a fault, with its reason.
with fault as (
    select sample_id, variable, 'an ignored column needs a note' as fault
    from {{ ref('variables') }}
    where role = 'ignored' and note is null

    union all
    select sample_id, variable, 'an answer needs a question and a layout'
    from {{ ref('variables') }}
    where role = 'answer' and (question_id is null or layout is null)

    union all
    select sample_id, variable, 'the layout needs a code list'
    from {{ ref('variables') }}
    where layout in ('single', 'indicator', 'ranked', 'delimited') and code_list is null

    union all
    select sample_id, variable, 'a delimited column needs a delimiter'
    from {{ ref('variables') }}
    where layout = 'delimited' and delimiter is null

    union all
    select variables.sample_id, variables.variable, 'no row of code_lists has the code list ' || variables.code_list
    from {{ ref('variables') }} as variables
    where
        variables.code_list is not null
        and variables.code_list not in (select code_list from {{ ref('code_lists') }})

    union all
    select
        variables.sample_id,
        variables.variable,
        'an indicator column needs a category of its question, not ' || coalesce(variables.category_id, '(none)')
    from {{ ref('variables') }} as variables
    inner join {{ ref('questions') }} as questions on variables.question_id = questions.question_id
    left join {{ ref('categories') }} as categories
        on questions.category_set = categories.category_set and variables.category_id = categories.category_id
    where variables.layout = 'indicator' and categories.category_id is null

    union all
    select distinct
        variables.sample_id,
        variables.variable,
        'code ' || code_lists.code || ' of ' || code_lists.code_list || ' means ' || code_lists.category_id
        || ', which is neither in the set ' || questions.category_set || ' nor reserved'
    from {{ ref('variables') }} as variables
    inner join {{ ref('questions') }} as questions on variables.question_id = questions.question_id
    inner join {{ ref('code_lists') }} as code_lists on variables.code_list = code_lists.code_list
    left join {{ ref('categories') }} as categories
        on categories.category_set in (questions.category_set, 'reserved')
        and code_lists.category_id = categories.category_id
    where categories.category_id is null

    union all
    select samples.sample_id, samples.id_variable, 'the crosswalk has no id column of this name'
    from {{ ref('samples') }} as samples
    left join {{ ref('variables') }} as variables
        on samples.sample_id = variables.sample_id
        and samples.id_variable = variables.variable
        and variables.role = 'id'
    where variables.variable is null

    union all
    select samples.sample_id, samples.weight_variable, 'the crosswalk has no weight column of this name'
    from {{ ref('samples') }} as samples
    left join {{ ref('variables') }} as variables
        on samples.sample_id = variables.sample_id
        and samples.weight_variable = variables.variable
        and variables.role = 'weight'
    where samples.weight_variable is not null and variables.variable is null
)

select * from fault
