-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    waves.wave,
    waves.year
{{ label_columns('waves', 'waves') }}
from {{ ref('waves') }} as waves
