{# A text as one cell of a csv line: in quotation marks where it holds a comma, a quotation mark or a line break. #}
{% macro csv_cell(text) -%}
case when {{ needs_quotes(text) }} then '"' || replace({{ text }}, '"', '""') || '"' else {{ text }} end
{%- endmacro %}
