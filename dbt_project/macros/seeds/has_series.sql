{# True where the series of a model, which stand with semicolons between, have this one. #}
{% macro has_series(of_model, series) -%}
instr(';' || {{ of_model }} || ';', ';' || {{ series }} || ';') > 0
{%- endmacro %}
