{# Every public table but quality.release and release_change: those whose config.meta says by what keys its rows are known. #}
{% macro public_tables() %}
  {% set names = var('public_tables') + figure_tables() %}
  {% do check_described('model', names) %}
  {{ return(names) }}
{% endmacro %}

{# Lists of columns of a public table, each of which identifies its rows; none while the project is only read. #}
{% macro keys_of(table) %}
  {% set meta = graph.nodes['model.' ~ project_name ~ '.' ~ table].config.meta if has_graph() else {'unique': false} %}
  {{ return(meta['keys'] if meta.get('unique', true) else []) }}
{% endmacro %}
