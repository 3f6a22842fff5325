select
    sample_id,
    row,
    question_id,
    indicator_category_id as category_id,
    category_id = 'chosen' as is_chosen,
    variable as raw_variable,
    raw_code
from {{ ref('int_multiple_cell') }}
where layout = 'indicator' and indicator_missing_type is null
