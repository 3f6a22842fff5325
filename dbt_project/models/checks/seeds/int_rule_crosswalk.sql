-- Every row of the crosswalk says enough to be read and was accepted by a person, and the columns of a question agree.
with answer as (
    select variables.*, questions.answer_type
    from {{ ref('variables') }} as variables
    inner join {{ deduplicated('questions', ['question_id']) }} as questions
        on variables.question_id = questions.question_id
    where variables.role = 'answer'
),

fault as (
    select
        sample_id, question_id, variable,
        'an ignored column needs a note that says why' as finding,
        {{ seed_line('variables', 'variables', {'note': "'<note>'"}) }} as resolve_with
    from {{ ref('variables') }} as variables
    where role = 'ignored' and note is null

    union all
    select
        sample_id, question_id, variable, 'an answer needs a question and a layout',
        {{ seed_line('variables', 'variables', {
            'question_id': "coalesce(question_id, '<question_id>')", 'layout': "coalesce(layout, '<layout>')"}) }}
    from {{ ref('variables') }} as variables
    where role = 'answer' and (question_id is null or layout is null)

    union all
    select
        sample_id, question_id, variable, 'a column of layout ' || layout || ' needs a code list',
        {{ seed_line('variables', 'answer', {'code_list': "'<code_list>'"}) }}
    from answer
    where layout in ('single', 'indicator', 'ranked', 'delimited') and code_list is null

    union all
    select
        sample_id, question_id, variable, 'a delimited column needs a delimiter',
        {{ seed_line('variables', 'answer', {'delimiter': "'<delimiter>'"}) }}
    from answer
    where layout = 'delimited' and delimiter is null

    union all
    select
        sample_id, question_id, variable,
        'the layout ' || layout || ' does not fit the answer type ' || answer_type,
        {{ seed_line('variables', 'answer', {'layout': "'<layout>'"}) }}
    from answer
    where
        (answer_type = 'multiple') <> (layout in ('indicator', 'ranked', 'delimited'))
        or (answer_type = 'numeric' and layout <> 'number')

    union all
    select
        sample_id, question_id, variable, 'an indicator column needs the category that it stands for',
        {{ seed_line('variables', 'answer', {'category_id': "'<category_id>'"}) }}
    from answer
    where layout = 'indicator' and category_id is null

    union all
    select
        sample_id, question_id, min(variable),
        'the columns ' || min(variable) || ' and ' || max(variable) || ' answer the same single-answer question',
        min({{ seed_line('variables', 'answer', {'question_id': "'<question_id>'"}) }})
    from answer
    where layout in ('single', 'number', 'birth_year')
    group by sample_id, question_id
    having count(distinct variable) > 1

    union all
    select
        sample_id, question_id, min(variable),
        'the columns of the question differ in layout, question number, comparability or whom they are about',
        min({{ seed_line('variables', 'answer') }})
    from answer
    group by sample_id, question_id
    having
        count(distinct coalesce(layout, '')) > 1
        or count(distinct coalesce(question_number, '')) > 1
        or count(distinct coalesce(comparability, '')) > 1
        or count(distinct coalesce(referent, '')) > 1

    union all
    select
        samples.sample_id, cast(null as string), samples.id_variable,
        'the crosswalk has no id column of the name that survey/samples.csv gives, or another one too',
        {{ new_seed_line('variables', {
            'sample_id': 'samples.sample_id', 'variable': csv_cell('samples.id_variable'), 'role': "'id'",
            'review': "'reviewed'"}) }}
    from {{ deduplicated('samples', ['sample_id']) }} as samples
    left join {{ ref('variables') }} as variables
        on samples.sample_id = variables.sample_id and variables.role = 'id'
    group by samples.sample_id, samples.id_variable
    having
        count(distinct variables.variable) <> 1
        or min(variables.variable) <> samples.id_variable

    union all
    select
        samples.sample_id, cast(null as string), coalesce(samples.weight_variable, min(variables.variable)),
        'the crosswalk has another weight column than survey/samples.csv',
        min({{ seed_line('samples', 'samples', {'weight_variable': "'<weight_variable>'"}) }})
    from {{ deduplicated('samples', ['sample_id']) }} as samples
    left join {{ ref('variables') }} as variables
        on samples.sample_id = variables.sample_id and variables.role = 'weight'
    group by samples.sample_id, samples.weight_variable
    having
        coalesce(samples.weight_variable, '') <> coalesce(min(variables.variable), '')
        or count(distinct variables.variable) > 1

    union all
    select
        sample_id, cast(null as string), min(variable),
        'the columns ' || min(variable) || ' and ' || max(variable) || ' both have the role ' || role,
        min({{ seed_line('variables', 'variables', {'role': "'<role>'"}) }})
    from {{ ref('variables') }} as variables
    where role in ('stratum', 'cluster')
    group by sample_id, role
    having count(distinct variable) > 1
),

finding as (
    select
        'incomplete_row' as rule, '{{ seed_file("variables") }}' as file, sample_id, question_id, variable, finding,
        resolve_with
    from fault

    {% for seed, what in [('samples', 'the file is and whose answers it holds'), ('variables', 'the column holds')] %}
    union all
    select
        'unreviewed_row', '{{ seed_file(seed) }}', sample_id,
        {{ 'question_id' if seed == 'variables' else 'null' }},
        {{ 'variable' if seed == 'variables' else 'null' }},
        'a program proposed what {{ what }}, and no person has accepted it',
        'compare it with the questionnaire (kjpoll review shows what speaks for it) and only then set proposed to reviewed in '
        || {{ seed_line(seed, seed) }}
    from {{ ref(seed) }} as {{ seed }}
    where review = 'proposed'
    {% endfor %}
)

{{ findings_from('finding', ['rule', 'file', 'sample_id', 'question_id', 'variable', 'finding', 'resolve_with']) }}
