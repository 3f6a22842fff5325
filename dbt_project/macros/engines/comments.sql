{#
  The descriptions of a table and of its columns as comments, in one statement. dbt makes two of it, and dbt-duckdb a third, with a
  Jinja context of its own, to see which of the described columns there are.
#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
  {%- set comments = [] -%}
  {%- if for_relation and config.persist_relation_docs() and model.description -%}
    {%- do comments.append(alter_relation_comment(relation, model.description)) -%}
  {%- endif -%}
  {%- if for_columns and config.persist_column_docs() and model.columns -%}
    {%- do comments.append(alter_column_comment(relation, model.columns)) -%}
  {%- endif -%}
  {%- if comments -%}
    {% call statement('comments') -%}{{ comments | join }}{%- endcall %}
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {%- set existing = adapter.get_column_schema_from_query('select * from ' ~ relation) | map(attribute='name') | list -%}
  {%- for column in column_dict.values() if column.name in existing %}
  comment on column {{ relation }}.{{ adapter.quote(column.name) if column.quote else column.name }} is {{ duckdb_escape_comment(column.description) }};
  {%- endfor -%}
{%- endmacro %}
