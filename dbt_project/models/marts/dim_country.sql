-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    countries.country,
    countries.country_order,
    countries.adjective,
    countries.colour
{{ label_columns('countries', 'countries') }}
from {{ ref('countries') }} as countries
