{#
  The seeds whose config.meta says what their rows have to be:
    keys        lists of columns that together identify a row
    required    columns that are never empty
    allowed     column: the values that it may hold
    references  {columns, to, to_columns, delimiter}: values that a row of another table has (to_columns: where its names differ;
                delimiter: where a cell names several)
  Given as name, file (relative to the seeds folder), columns and meta. dbt knows a seed's configuration only when
  it runs and has to see what a model refers to before, hence the names.
#}
{% macro described_seeds() %}
  {% set names = [
      'samples', 'questions', 'categories', 'variables', 'code_lists', 'waivers', 'rules', 'missing_bands', 'known_changes', 'missing_codes',
      'sources', 'toplines', 'demographics', 'topline_options', 'subgroups', 'claims', 'regression_tables',
      'figures', 'regression_models', 'regression_terms', 'regression_alternatives',
      'assumed_shares', 'margins', 'filler_columns', 'core_kor_2023', 'core_jpn_2023',
  ] %}
  {% for name in names + ['int_question_category', 'int_option'] %}{% do ref(name) %}{% endfor %}
  {% set seeds = [] %}
  {% if execute %}
    {% for node in graph.nodes.values() if node.resource_type == 'seed' %}
      {% if node.name in names and node.config.meta %}
        {% do seeds.append({
            'name': node.name,
            'file': seed_file(node.name),
            'columns': node.config.column_types.keys() | list,
            'meta': node.config.meta,
        }) %}
      {% elif node.package_name == project_name %}
        {% do exceptions.raise_compiler_error('The seed ' ~ node.name ~ ' is not described: give it config.meta, and its name a place in described_seeds') %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {{ return(seeds | sort(attribute='name')) }}
{% endmacro %}

{% macro seed_node(seed) %}
  {{ return(graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', seed) | first) }}
{% endmacro %}

{# A unit test of dbt has no graph: there a seed goes by its name, and its columns are those that are asked for. #}
{% macro has_graph() %}{{ return(execute and 'nodes' in graph) }}{% endmacro %}

{# The file of a seed, relative to the seeds folder: crosswalk/variables.csv. #}
{% macro seed_file(seed) %}
  {{ return(seed_node(seed).original_file_path.replace('\\', '/').partition('/')[2] if has_graph() else seed) }}
{% endmacro %}
