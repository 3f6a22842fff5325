{# True where a model's countries, which stand with semicolons between, have this one. #}
{% macro has_country(countries, country) -%}
';' || {{ countries }} || ';' like '%;' || {{ country }} || ';%'
{%- endmacro %}
