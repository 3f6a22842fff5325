{# True where the series of a model, which stand with semicolons between, have this one. #}
{% macro has_series(of_model, series) -%}
';' || {{ of_model }} || ';' like '%;' || {{ series }} || ';%'
{%- endmacro %}
