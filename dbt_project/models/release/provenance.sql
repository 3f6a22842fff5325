-- What a code means is the same for all records of a sample, so this stays small however many they are.
with code as (
    select sample_id, variable, code, category_id, missing_type, value, n
    from {{ ref('int_code_frequency') }}

    union all

    select listed.sample_id, listed.variable, listed.code, listed.category_id, listed.missing_type, null as value, 0 as n
    from {{ ref('stg_code') }} as listed
    left join {{ ref('int_code_frequency') }} as occurring
        on listed.sample_id = occurring.sample_id
        and listed.variable = occurring.variable
        and listed.code = occurring.code
    where occurring.code is null
)

select
    variables.sample_id,
    wave_file.file,
    wave_file.sha256,
    variables.variable,
    variable.column_position,
    variable.label as variable_label,
    variables.role,
    variables.question_id,
    variables.question_number,
    variables.layout,
    variables.category_id as indicator_category_id,
    variables.comparability,
    variables.referent,
    variables.note,
    variables.code_list,
    code.code,
    value_label.label as raw_label,
    code.category_id,
    code.missing_type,
    code.n,
    {{ seed_line('variables', 'variables') }} as column_line,
    case
        when code_lists.code is not null
            then {{ seed_line('code_lists', 'code_lists') }}
        when code.value is not null and code.category_id is not null
            then {{ seed_line('categories', 'categories') }}
        when code.value is not null
            then {{ seed_line('questions', 'questions') }}
    end as code_line
from {{ ref('variables') }} as variables
inner join {{ ref('wave_file') }} as wave_file on variables.sample_id = wave_file.sample_id
inner join {{ ref('variable') }} as variable
    on variables.sample_id = variable.sample_id and variables.variable = variable.variable
left join code on variables.sample_id = code.sample_id and variables.variable = code.variable
left join {{ ref('value_label') }} as value_label
    on code.sample_id = value_label.sample_id
    and code.variable = value_label.variable
    and code.code = value_label.code
left join {{ ref('code_lists') }} as code_lists
    on variables.code_list = code_lists.code_list and code.code = code_lists.code
left join {{ ref('questions') }} as questions on variables.question_id = questions.question_id
left join {{ ref('categories') }} as categories
    on questions.category_set = categories.category_set and code.category_id = categories.category_id
order by variables.sample_id, variable.column_position, code.code
