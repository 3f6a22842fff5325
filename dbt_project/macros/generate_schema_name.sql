{# The schemas are exactly the names that the project file gives: raw, staging, marts, ... #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
