select
    release_id, previous_release_id, table_name, change, sample_id, wave, country, question_id, category_id, item,
    column_name, old_value, new_value, n, first_respondents, causes, details
from {{ ref('release_difference') }}
order by all
