-- depends_on: {{ ref('gate') }}
select universe, question_id, net, category_id, value_min, value_max, note
from {{ ref('universes') }}
