select
    variables.sample_id,
    samples.wave,
    coalesce(samples.year, waves.year) as year,
    samples.country,
    samples.series,
    variables.variable,
    variables.role,
    variables.question_id,
    questions.respondent_role is not null as is_about_respondent,
    questions.answer_type,
    questions.category_set,
    questions.value_min,
    questions.value_max,
    variables.layout,
    variables.category_id as indicator_category_id,
    variables.code_list,
    variables.delimiter,
    variables.question_number,
    variables.comparability,
    variables.referent,
    coalesce(variables.universe, questions.universe) as universe,
    variable.column_position
from {{ deduplicated('variables', ['sample_id', 'variable']) }} as variables
inner join {{ deduplicated('samples', ['sample_id']) }} as samples on variables.sample_id = samples.sample_id
left join {{ deduplicated('waves', ['wave']) }} as waves on samples.wave = waves.wave
left join {{ deduplicated('questions', ['question_id']) }} as questions on variables.question_id = questions.question_id
left join {{ ref('variable') }} as variable
    on variables.sample_id = variable.sample_id and variables.variable = variable.variable
