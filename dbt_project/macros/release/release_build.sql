{# The last step: the plugin that profiles.yml names releases a whole build, and says so where a run is none. #}
{% macro release_build(results) %}{{ return(adapter.dispatch('release_build')(results)) }}{% endmacro %}
{# An engine without released files. #}
{% macro default__release_build(results) %}{% endmacro %}
{% macro duckdb__release_build(results) %}
{% if execute %}
  {% set statuses = {} %}
  {% for result in results %}{% do statuses.update({result.node.unique_id: result.status | string}) %}{% endfor %}
  {% do adapter.store_relation('plugin', none, [], none, none, {
    'nodes': graph.nodes.keys() | list,
    'statuses': statuses,
    'release_path': graph.nodes['model.kjpoll.previous_release'].config.release_path,
    'kept_releases': var('kept_releases') | int,
  }) %}
{% endif %}
{% endmacro %}
