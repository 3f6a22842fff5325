{# dbt says how many rows a failed test found; this says which. #}
{% macro print_failures(results) %}
  {% for result in results if result.node.resource_type == 'test' and result.status in ('fail', 'warn') %}
    {% set found = run_query('select * from (' ~ result.node.compiled_code ~ ') as found limit 20') %}
    {% do log('\n' ~ result.node.name ~ ' found:', info=true) %}
    {% for row in found.rows %}
      {% set cells = [] %}
      {% for name in found.column_names %}{% do cells.append(name ~ '=' ~ row[name]) %}{% endfor %}
      {% do log('  ' ~ cells | join(', '), info=true) %}
    {% endfor %}
  {% endfor %}
{% endmacro %}
