{# The code list of a column, or the name that a first one would have: a column of numbers can do without. #}
{% macro code_list_name(column) -%}
coalesce({{ column }}.code_list, {{ column }}.question_id || '__' || lower(replace({{ column }}.sample_id, '-', '_')))
{%- endmacro %}
