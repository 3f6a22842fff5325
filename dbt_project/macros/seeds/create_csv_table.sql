{#
  Takes the place of dbt's, which guesses the type of a column that the seed's properties name none for: labels are text, whatever
  they look like and in whatever language they are all empty. Of other columns the type is guessed as by dbt.
#}
{% macro default__create_csv_table(model, agate_table) %}
  {% set types = model['config'].get('column_types', {}) %}
  {% set columns = [] %}
  {% for name in agate_table.column_names %}
    {% set type = types.get(name, 'string' if name.startswith('label_') else adapter.convert_type(agate_table, loop.index0)) %}
    {% do columns.append(adapter.quote_seed_column(name, model['config'].get('quote_columns')) ~ ' ' ~ type) %}
  {% endfor %}
  {% set sql = 'create table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ')' %}
  {% call statement('_') %}{{ sql }}{% endcall %}
  {{ return(sql) }}
{% endmacro %}
