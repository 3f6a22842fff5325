{#
  What every rule gives, the columns of quality.violation, and the code list or category set that is wrong: from rows of
  a relation that has some of them; the others are empty. `file` stays empty for the wave file of the sample. No relation: no row, what a list of queries begins
  with that may be empty.
#}
{% macro findings_from(relation, columns) -%}
{%- set types = {
    'rule': 'string', 'file': 'string', 'sample_id': 'string', 'question_id': 'string', 'variable': 'string',
    'code': 'string', 'raw_label': 'string', 'n': 'bigint', 'first_rows': 'string', 'finding': 'string',
    'resolve_with': 'string', 'code_list': 'string', 'category_set': 'string',
} -%}
{%- for column in columns if column not in types -%}
{%- do exceptions.raise_compiler_error(column ~ ' is no column of a finding') -%}
{%- endfor -%}
select
    {%- for column, type in types.items() %}
    cast({{ column if column in columns else 'null' }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- if relation %}
from {{ relation }}
{%- else %}
where false
{%- endif %}
{%- endmacro %}
