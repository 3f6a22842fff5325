{#
  One check for a whole table: `required` columns are never empty, `allowed` columns hold only the values listed,
  `references` columns hold only values of another table's column, given as column: [table, column].
  Its rows say which column, what is wrong, which value, and how often.
#}
{% test well_formed(model, required=[], allowed={}, references={}) %}
with finding as (
    select cast(null as varchar) as column_name, cast(null as varchar) as finding, cast(null as varchar) as value
    where false
    {% for column in required %}
    union all
    select '{{ column }}', 'is empty', null from {{ model }} where {{ column }} is null
    {% endfor %}
    {% for column, values in allowed.items() %}
    union all
    select '{{ column }}', 'is not one of {{ values | join(", ") }}', cast({{ column }} as varchar)
    from {{ model }}
    where {{ column }} not in ('{{ values | join("', '") }}')
    {% endfor %}
    {% for column, target in references.items() %}
    union all
    select '{{ column }}', 'is not a {{ target[1] }} of {{ target[0] }}', cast({{ column }} as varchar)
    from {{ model }}
    where {{ column }} is not null and {{ column }} not in (select {{ target[1] }} from {{ ref(target[0]) }})
    {% endfor %}
)

select column_name, finding, value, count(*) as n
from finding
group by column_name, finding, value
{% endtest %}
