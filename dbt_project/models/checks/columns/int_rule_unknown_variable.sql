select
    'unknown_variable' as rule,
    cast(null as varchar) as file,
    variable.sample_id,
    cast(null as varchar) as question_id,
    variable.variable,
    cast(null as varchar) as code,
    variable.label as raw_label,
    cast(wave_file.n_rows as bigint) as n,
    cast(null as varchar) as first_rows,
    'the column is in the file, but no row of the crosswalk says what it holds' as finding,
    'crosswalk/variables.csv: ' || variable.sample_id || ',' || {{ csv_cell('variable.variable') }}
    || ',answer,<question_id>,single,,<code_list>,,,identical,,reviewed,' as resolve_with
from {{ ref('variable') }} as variable
inner join {{ ref('int_judged_sample') }} as judged on variable.sample_id = judged.sample_id
inner join {{ ref('wave_file') }} as wave_file on variable.sample_id = wave_file.sample_id
left join {{ ref('variables') }} as variables
    on variable.sample_id = variables.sample_id and variable.variable = variables.variable
where variables.variable is null
