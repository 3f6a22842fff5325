{#
  One row per table whose model declares by what its rows are ordered in a release (release_order in its meta), with the
  expressions; of a table that is incremental by sample_id within each sample. The build file keeps no order.
#}
{% macro create_release_order() %}{{ return(adapter.dispatch('create_release_order')()) }}{% endmacro %}
{# An engine without released files. #}
{% macro default__create_release_order() %}{% endmacro %}
{% macro duckdb__create_release_order() %}
  {% if has_graph() %}
  create or replace table {{ adapter.quote(target.database) }}.intermediate.release_order as
  select * from (values
  {%- for node in graph.nodes.values() if node.config.meta.get('release_order') %}
    ('{{ node.schema }}', '{{ node.alias }}', '{{ node.config.meta.release_order | join(', ') | replace("'", "''") }}'),
  {%- endfor %}
    (null, null, null)
  ) as declared (schema_name, table_name, row_order)
  where table_name is not null
  {% endif %}
{% endmacro %}
