select
    'missing_variable' as rule,
    cast(null as varchar) as file,
    variables.sample_id,
    variables.question_id,
    variables.variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    'the crosswalk knows the column, but the file does not have it' as finding,
    -- Whoever removes the row gives up the answers of the column.
    'ask for the file again; only where the questionnaire lacks the question: crosswalk/variables.csv: remove the row '
    || variables.sample_id || ',' || variables.variable
    || '; or, where the column was renamed, correct its name there' as resolve_with
from {{ ref('variables') }} as variables
inner join {{ ref('int_judged_sample') }} as judged on variables.sample_id = judged.sample_id
left join {{ ref('variable') }} as variable
    on variables.sample_id = variable.sample_id and variables.variable = variable.variable
where variable.variable is null
