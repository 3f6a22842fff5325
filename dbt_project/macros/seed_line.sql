{# The row of a seed as its line in the csv file. #}
{% macro seed_line(row, columns) -%}
{% for column in columns %}coalesce({{ csv_cell('cast(' ~ row ~ '.' ~ column ~ ' as varchar)') }}, ''){{ " || ',' || " if not loop.last }}{% endfor %}
{%- endmacro %}
