{#
  The seeds, whose config.meta says what their rows have to be:
    keys        lists of columns that together identify a row
    required    columns that are never empty
    allowed     column: the values that it may hold
    conditions  {column, holds, finding, beside, by}: an expression that is not false of any row, and what the cell of the
                column is where it is ("which is ..."); it may name the row of a table `beside` that has the same `by`
    labels      true: the last columns of its file are labels, one of each language of the languages seed (label_<language>)
    distinct_labels  columns: no label of a language stands twice in rows that agree in them
    of_categories  columns of questions whose answers are categories, not numbers
    column_of   column: the table that has a column of each of its values
    references  {columns, to, to_columns, delimiter}: values that a row of another table has (to_columns: where its names differ;
                delimiter: where a cell names several)
  Given as name, file (relative to the seeds folder), columns, meta and labels (as labels_of has them). dbt knows a seed's configuration only when
  it runs and has to see what a model refers to before, hence the names.
#}
{% macro described_seeds() %}
  {% set names = [
      'countries', 'waves', 'languages', 'universes', 'samples', 'questions', 'categories', 'synonyms', 'wordings', 'variables', 'code_lists', 'waivers', 'rules', 'lineage', 'missing_bands', 'known_changes', 'missing_codes', 'population_margins', 'weight_bounds',
      'sources', 'toplines', 'demographics', 'topline_options', 'subgroups', 'claims', 'regression_tables',
      'figures', 'regression_models', 'regression_terms', 'regression_alternatives', 'regression_comparisons',
      'regression_hypotheses', 'regression_decompositions', 'birth_cohorts', 'cohort_questions',
      'events',
      'assumed_shares', 'margins', 'filler_columns', 'core_records',
  ] %}
  {% for name in names + ['int_question_category', 'int_option'] %}{% do ref(name) %}{% endfor %}
  {% do check_described('seed', names) %}
  {% set known = languages() %}
  {% set seeds = [] %}
  {% for name in names | sort if execute %}
    {% do seeds.append({
        'name': name,
        'file': seed_file(name),
        'columns': seed_node(name).config.column_types.keys() | list,
        'meta': seed_node(name).config.meta,
        'labels': labels_of(name, known) if seed_node(name).config.meta.get('labels') else [],
        'reserved': reserved_names(seed_node(name).config.meta.get('column_of', {})),
    }) %}
  {% endfor %}
  {{ return(seeds) }}
{% endmacro %}

{# Stops the build where a seed or a table with keys is not among the names given, or one of these has no keys. #}
{% macro check_described(kind, names) %}
  {% for node in (graph.nodes.values() if has_graph() else []) if node.resource_type == kind and node.package_name == project_name %}
    {% set keys = 'keys' in (node.config.meta or {}) %}
    {% if keys != (node.name in names) or kind == 'seed' and not keys %}
      {% do exceptions.raise_compiler_error('The ' ~ kind ~ ' ' ~ node.name ~ ' needs config.meta.keys, and its name in '
          ~ ('described_seeds' if kind == 'seed' else 'the variable public_tables')) %}
    {% elif kind == 'seed' and node.columns.keys() | list != node.config.column_types.keys() | list %}
      {% do exceptions.raise_compiler_error('The columns of the seed ' ~ node.name ~ ' are not those of its config.column_types') %}
    {% endif %}
  {% endfor %}
{% endmacro %}

{# By column of a seed, the columns that the table has besides those of its values. #}
{% macro reserved_names(column_of) %}
  {% set names = {} %}
  {% for column, table in column_of.items() %}
    {% do names.update({column: graph.nodes['model.' ~ project_name ~ '.' ~ table].columns.keys() | list}) %}
  {% endfor %}
  {{ return(names) }}
{% endmacro %}

{% macro seed_node(seed) %}
  {{ return(graph.nodes['seed.' ~ project_name ~ '.' ~ seed]) }}
{% endmacro %}

{# A unit test of dbt has no graph: there a seed goes by its name, and its columns are those that are asked for. #}
{% macro has_graph() %}{{ return(execute and 'nodes' in graph) }}{% endmacro %}

{# The file of a seed, relative to the seeds folder: crosswalk/variables.csv. #}
{% macro seed_file(seed) %}
  {{ return(seed_node(seed).original_file_path.replace('\\', '/').partition('/')[2] if has_graph() else seed) }}
{% endmacro %}
