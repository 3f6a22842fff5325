{# Text that resolves a fault: the file of the seed and the line, with other expressions in place of some columns. #}
{% macro seed_line(seed, row, instead={}) -%}
'{{ seed_file(seed) }}: ' || {{ seed_cells(seed, row, instead) }}
{%- endmacro %}

{# The same for a further row: cells, by column, are expressions; the others are empty. #}
{% macro new_seed_line(seed, cells) -%}
'{{ seed_file(seed) }}: ' || {{ new_seed_cells(seed, cells) }}
{%- endmacro %}

{% macro new_seed_cells(seed, cells) -%}
  {%- set known = seed_columns(seed) or cells.keys() | list -%}
  {%- set instead = {} -%}
  {%- for column in known -%}{%- do instead.update({column: cells.get(column, "''")}) -%}{%- endfor -%}
  {%- for column in cells if column not in known -%}
    {%- do exceptions.raise_compiler_error('The seed ' ~ seed ~ ' has no column ' ~ column) -%}
  {%- endfor -%}
  {{ seed_cells(seed, none, instead) }}
{%- endmacro %}

{% macro seed_cells(seed, row, instead) -%}
  {%- set columns = seed_columns(seed) or instead.keys() | list -%}
  {#- While the project is only read, the row is named all the same. -#}
  {%- if row and not execute -%}{%- do columns.append('x') -%}{%- endif -%}
  {%- for column in columns -%}
    {%- if column in instead -%}{{ instead[column] }}
    {%- else -%}{{ seed_cell(seed, row, column) }}{%- endif -%}
    {%- if not loop.last %} || ',' || {% endif -%}
  {%- else -%}''
  {%- endfor -%}
{%- endmacro %}

{# The columns of a seed in the order of its file, whose labels the properties do not name; none where there is no graph. #}
{% macro seed_columns(seed) %}
  {% if not has_graph() %}{{ return([]) }}{% endif %}
  {% set node = seed_node(seed) %}
  {% if not node.config.meta.get('labels') %}{{ return(node.config.column_types.keys() | list) }}{% endif %}
  {% set table = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) %}
  {{ return(adapter.get_columns_in_relation(table) | map(attribute='name') | list) }}
{% endmacro %}

{# Numbers, dates and truth values need no quotation marks; a label has no type in the properties and is text. #}
{% macro seed_cell(seed, row, column) -%}
  {%- set value = row ~ '.' ~ column -%}
  {%- if has_graph() and seed_node(seed).config.column_types.get(column) in (none, 'varchar') -%}coalesce({{ csv_cell(value) }}, '')
  {%- else -%}coalesce(cast({{ value }} as string), '')
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
