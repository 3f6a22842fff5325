-- The columns of one question in one sample share its number and comparability.
select
    sample_id,
    wave,
    country,
    series,
    question_id,
    answer_type,
    bool_or(is_about_respondent) as is_about_respondent,
    min(question_number) as question_number,
    min(comparability) as comparability,
    min(referent) as referent,
    min(universe) as universe,
    {{ joined_text('variable', 'column_position') }} as variables,
    row_number() over (partition by sample_id order by question_id) as question_order
from {{ ref('stg_column') }}
where role = 'answer'
group by sample_id, wave, country, series, question_id, answer_type
