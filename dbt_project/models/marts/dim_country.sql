-- depends_on: {{ ref('gate') }}
-- The labels follow the languages seed.
select
    country,
    country_order,
    adjective,
    colour
    {{ label_columns('countries', 'countries') }}
from {{ ref('countries') }} as countries
order by country_order, country
