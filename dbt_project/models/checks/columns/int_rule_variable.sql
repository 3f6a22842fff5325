-- The columns of a file are those that the crosswalk knows.
with finding as (
    select
        'unknown_variable' as rule,
        variable.sample_id,
        cast(null as string) as question_id,
        variable.variable,
        variable.label as raw_label,
        wave_file.n_rows as n,
        'the column is in the file, but no row of the crosswalk says what it holds' as finding,
        {{ new_seed_line('variables', {
            'sample_id': 'variable.sample_id', 'variable': csv_cell('variable.variable'), 'role': "'answer'",
            'question_id': "'<question_id>'", 'layout': "'single'", 'code_list': "'<code_list>'",
            'comparability': "'identical'", 'review': "'reviewed'"}) }} as resolve_with
    from {{ ref('variable') }} as variable
    inner join {{ ref('int_eligible_sample') }} as eligible on variable.sample_id = eligible.sample_id
    inner join {{ ref('wave_file') }} as wave_file on variable.sample_id = wave_file.sample_id
    left join {{ ref('variables') }} as variables
        on variable.sample_id = variables.sample_id and variable.variable = variables.variable
    where variables.variable is null

    union all
    select
        'missing_variable', variables.sample_id, variables.question_id, variables.variable, null, null,
        'the crosswalk knows the column, but the file does not have it',
        -- Whoever removes the row gives up the answers of the column.
        'ask for the file again; only where the questionnaire lacks the question: crosswalk/variables.csv: remove the row '
        || variables.sample_id || ',' || variables.variable
        || '; or, where the column was renamed, correct its name there'
    from {{ ref('variables') }} as variables
    inner join {{ ref('int_eligible_sample') }} as eligible on variables.sample_id = eligible.sample_id
    left join {{ ref('variable') }} as variable
        on variables.sample_id = variable.sample_id and variables.variable = variable.variable
    where variable.variable is null
)

{{ findings_from(
    'finding', ['rule', 'sample_id', 'question_id', 'variable', 'raw_label', 'n', 'finding', 'resolve_with']) }}
