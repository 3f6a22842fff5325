-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    wave,
    year
    {{ label_columns('waves', 'waves') }}
from {{ ref('waves') }} as waves
order by wave
