-- Every row of the crosswalk says enough to be read, and the columns of a question agree. A row here is a fault.
with answer as (
    select variables.*, questions.answer_type, questions.category_set
    from {{ ref('variables') }} as variables
    inner join {{ ref('questions') }} as questions on variables.question_id = questions.question_id
    where variables.role = 'answer'
),

fault as (
    select sample_id, variable, 'an ignored column needs a note' as fault
    from {{ ref('variables') }}
    where role = 'ignored' and note is null

    union all
    select sample_id, variable, 'an answer needs a question and a layout'
    from {{ ref('variables') }}
    where role = 'answer' and (question_id is null or layout is null)

    union all
    select sample_id, variable, 'the layout needs a code list'
    from answer
    where layout in ('single', 'indicator', 'ranked', 'delimited') and code_list is null

    union all
    select sample_id, variable, 'a delimited column needs a delimiter'
    from answer
    where layout = 'delimited' and delimiter is null

    union all
    select sample_id, variable, 'the layout ' || layout || ' does not fit the answer type ' || answer_type
    from answer
    where (answer_type = 'multiple') <> (layout in ('indicator', 'ranked', 'delimited'))

    union all
    select answer.sample_id, answer.variable,
        'an indicator column needs a category of its question, not ' || coalesce(answer.category_id, '(none)')
    from answer
    left join {{ ref('categories') }} as categories
        on answer.category_set = categories.category_set and answer.category_id = categories.category_id
    where answer.layout = 'indicator' and categories.category_id is null

    union all
    select sample_id, min(variable), 'several columns answer the single-answer question ' || question_id
    from answer
    where layout in ('single', 'number', 'birth_year')
    group by sample_id, question_id
    having count(*) > 1

    union all
    select sample_id, min(variable),
        'the columns of ' || question_id || ' differ in layout, question number, comparability or whom they are about'
    from answer
    group by sample_id, question_id
    having
        count(distinct layout) > 1
        or count(distinct coalesce(question_number, '')) > 1
        or count(distinct coalesce(comparability, '')) > 1
        or count(distinct coalesce(about, '')) > 1

    union all
    select samples.sample_id, samples.id_variable, 'the crosswalk has no id column of this name, or another one too'
    from {{ ref('samples') }} as samples
    left join {{ ref('variables') }} as variables
        on samples.sample_id = variables.sample_id and variables.role = 'id'
    group by samples.sample_id, samples.id_variable
    having count(*) <> 1 or coalesce(min(variables.variable), '') <> samples.id_variable

    union all
    select samples.sample_id, coalesce(samples.weight_variable, variables.variable),
        'the weight column of samples is not that of the crosswalk'
    from {{ ref('samples') }} as samples
    left join {{ ref('variables') }} as variables
        on samples.sample_id = variables.sample_id and variables.role = 'weight'
    where coalesce(samples.weight_variable, '') <> coalesce(variables.variable, '')
)

select * from fault
