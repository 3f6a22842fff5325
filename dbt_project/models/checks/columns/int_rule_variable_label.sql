-- What a file calls a column is what the crosswalk takes it for.
with meaning as (
    select
        named.*,
        variables.role,
        variables.question_id,
        wave_file.n_rows,
        coalesce(variables.question_id, variables.role) || coalesce(', ' || variables.category_id, '') as is_said_to_be,
        coalesce(nullif(named.named_question_id, ''), named.named_role)
        || coalesce(', ' || nullif(named.named_category_id, ''), '') as is_called,
        {{ seed_line('variables', 'variables', {
            'role': 'named.named_role', 'question_id': "named.named_question_id", 'category_id': "named.named_category_id"}) }} as line
    from {{ ref('int_variable_label') }} as named
    inner join {{ ref('int_eligible_sample') }} as eligible on named.sample_id = eligible.sample_id
    inner join {{ ref('wave_file') }} as wave_file on named.sample_id = wave_file.sample_id
    inner join {{ deduplicated('variables', ['sample_id', 'variable']) }} as variables
        on named.sample_id = variables.sample_id and named.variable = variables.variable
),

finding as (
    select
        'contradicting_variable_label' as rule,
        sample_id,
        question_id,
        variable,
        label as raw_label,
        n_rows as n,
        'the file labels the column as ' || is_called || ', but the crosswalk takes it for ' || is_said_to_be as finding,
        'compare the column with the questionnaire, and correct the label in the file; or, where it is right, ' || line as resolve_with
    from meaning
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'variable', 'raw_label', 'n', 'finding', 'resolve_with']) }}
