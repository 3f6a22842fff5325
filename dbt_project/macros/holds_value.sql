{# True where a cell of raw.answer holds a value of int_value, or of what is looked up for each of them. #}
{% macro holds_value(answer, looked_up) -%}
  {{ answer }}.sample_id = {{ looked_up }}.sample_id
  and {{ answer }}.column_position = {{ looked_up }}.column_position
  and coalesce({{ answer }}.value, '<blank>') = {{ looked_up }}.raw_code
{%- endmacro %}
