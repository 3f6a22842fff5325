{#
  Tables and views are replaced in one transaction, so that a reader or a killed build sees the old one or the new one. dbt-duckdb
  builds each beside the old one, renames both and drops the old one: three times as many statements, most of them with a Jinja
  context of their own.
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set is_sql = model.language == 'sql' -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target = this.incorporate(type='table') -%}
  {#- A Python model writes on a connection of its own, outside the transaction. -#}
  {%- set written = target if is_sql else make_intermediate_relation(target) -%}
  {%- if not is_sql -%}{%- do drop_relation_if_exists(load_cached_relation(written)) -%}{%- endif -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- if is_sql -%}{{ drop_in_transaction(existing) }}{%- endif -%}
  {% call statement('main', language=model.language) -%}
    {{- create_table_as(False, written, compiled_code, model.language) -}}
  {%- endcall %}
  {%- if not is_sql -%}
    {{ drop_in_transaction(existing) }}
    {% call statement('rename') -%}alter table {{ written }} rename to {{ adapter.quote(target.identifier) }}{%- endcall %}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do persist_docs(target, model) -%}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro drop_in_transaction(relation) -%}
  {%- if relation is not none -%}
    {% call statement('drop') -%}drop {{ relation.type }} {{ relation }}{%- endcall %}
  {%- endif -%}
{%- endmacro %}

{% materialization view, adapter='duckdb' %}
  {%- set built = create_or_replace_view() -%}
  {%- do persist_docs(built.relations[0], model) -%}
  {{ adapter.commit() }}
  {{ return(built) }}
{% endmaterialization %}

{# dbt-duckdb's with `or replace`. #}
{% macro duckdb__create_view_as(relation, sql) -%}
  {%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(sql) }}{%- endif -%}
  create or replace view {{ relation }} as (
    {{ sql }}
  )
{%- endmacro %}

{# A seed too. dbt's own drops it on its own, before the transaction. #}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- if not full_refresh -%}{{ return(dbt.default__reset_csv_table(model, full_refresh, old_relation, agate_table)) }}{%- endif -%}
  {{ drop_in_transaction(old_relation) }}
  {{ return(create_csv_table(model, agate_table)) }}
{%- endmacro %}
