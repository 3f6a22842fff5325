{#
  The seeds whose config.meta says what their rows have to be:
    keys        lists of columns that together identify a row
    required    columns that are never empty
    allowed     column: the values that it may hold
    references  {columns, to, to_columns}: values that a row of another table has (to_columns: where its names differ)
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

{# The file of a seed, relative to the seeds folder: crosswalk/variables.csv. #}
{% macro seed_file(seed) %}
  {{ return(seed_node(seed).original_file_path.replace('\\', '/').partition('/')[2] if execute else '') }}
{% endmacro %}

{# Text that resolves a fault: the file of the seed and the line, with other expressions in place of some columns. #}
{% macro seed_line(seed, row, instead={}) -%}
'{{ seed_file(seed) }}: ' || {{ seed_cells(seed, row, instead) }}
{%- endmacro %}

{% macro seed_cells(seed, row, instead) -%}
  {%- set columns = seed_node(seed).config.column_types.keys() | list if execute else ['x'] -%}
  {%- for column in columns -%}
    {%- if column in instead -%}{{ instead[column] }}
    {%- else -%}{{ seed_cell(seed, row, column) }}{%- endif -%}
    {%- if not loop.last %} || ',' || {% endif -%}
  {%- endfor -%}
{%- endmacro %}

{# Numbers, dates and truth values need no quotation marks. #}
{% macro seed_cell(seed, row, column) -%}
  {%- set value = row ~ '.' ~ column -%}
  {%- if execute and seed_node(seed).config.column_types[column] == 'varchar' -%}coalesce({{ csv_cell(value) }}, '')
  {%- else -%}coalesce(cast({{ value }} as varchar), '')
  {%- endif -%}
{%- endmacro %}

{# The line of a row that says itself which of some columns is wrong (faulty_column) and what to put there (hint). #}
{% macro hinted_line(seed, row, columns) -%}
  {%- set instead = {} -%}
  {%- for column in columns -%}
    {%- do instead.update({column:
        'case when ' ~ row ~ ".faulty_column = '" ~ column ~ "' then " ~ row ~ '.hint else ' ~ seed_cell(seed, row, column) ~ ' end'}) -%}
  {%- endfor -%}
  {{ seed_line(seed, row, instead) }}
{%- endmacro %}

{# The keys of quality.violation that a seed has, each where it is the same in all rows of a group. #}
{% macro seed_keys(seed, row) -%}
  {%- for column in ['sample_id', 'question_id', 'variable', 'code'] %}
    {% if column in seed.columns -%}
    case when min({{ row }}.{{ column }}) = max({{ row }}.{{ column }}) then min({{ row }}.{{ column }}) end
    {%- else -%}cast(null as varchar){%- endif %} as {{ column }},
  {%- endfor %}
    cast(null as varchar) as raw_label,
{%- endmacro %}

{# No finding: what a list of queries begins with that may be empty. #}
{% macro no_finding() -%}
select
    cast(null as varchar) as rule,
    cast(null as varchar) as file,
    cast(null as varchar) as sample_id,
    cast(null as varchar) as question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    cast(null as varchar) as finding,
    cast(null as varchar) as resolve_with
where false
{%- endmacro %}

{# A seed with one row for each key, so that a duplicate, which is a violation of its own, multiplies no answers. #}
{% macro one_row_each(seed, key) -%}
(
        select *
        from (
            select *, row_number() over (partition by {{ key | join(', ') }} order by {{ key | join(', ') }}) as copy
            from {{ ref(seed) }}
        ) as copies
        where copy = 1
    )
{%- endmacro %}

{# Which of two findings about one thing is the cause: a seed with a smaller number silences a larger one. #}
{% macro seed_precedence(rule, stage) -%}
case
                    when {{ rule }} in ('incomplete_row', 'unfit_code', 'unsound_universe', 'invalid_sample') then 2
                    when {{ rule }} in ('missing_code', 'contradicts_availability', 'unused_row') then 3
                    when {{ stage }} in ('file', 'crosswalk') then 1
                    else 3
                end
{%- endmacro %}
