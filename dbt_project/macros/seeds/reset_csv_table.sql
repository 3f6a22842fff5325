{# dbt drops a seed before the transaction that fills it again: one that fails would be gone. #}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- if not full_refresh -%}{{ return(dbt.default__reset_csv_table(model, full_refresh, old_relation, agate_table)) }}{%- endif -%}
  {% call statement('drop') -%}drop {{ old_relation.type }} {{ old_relation }}{%- endcall %}
  {{ return(create_csv_table(model, agate_table)) }}
{%- endmacro %}
