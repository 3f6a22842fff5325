{#
  The aspects of the tables of respondents, which are incremental by sample_id; of the other public tables; or of what goes into
  a build, files and seeds, which is there although the gate is closed.
#}
{% macro signed_aspects(of) %}
  {% set aspects = [] %}
  {% for aspect in var('signed_aspects') %}
    {% set is_of = 'respondents' if aspect.table in var('public_tables_by_sample')
      else 'public tables' if aspect.table in var('public_tables') else 'inputs' %}
    {% if is_of == of %}{% do aspects.append(aspect) %}{% endif %}
  {% endfor %}
  {{ return(aspects) }}
{% endmacro %}

{# The digests of these aspects, one row per aspect, sample, question and item. #}
{% macro aspect_digests(of) -%}
with record as (
    {% for aspect in signed_aspects(of) %}
    {{ aspect_records(aspect) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select aspect, sample_id, question_id, item, {{ signed_digest('record') }} as sha256
from record
group by aspect, sample_id, question_id, item
{%- endmacro %}

{# One row per row of an aspect's table: whose it is, and the record that goes into the digest. #}
{% macro aspect_records(aspect) -%}
select
    '{{ aspect.aspect }}' as aspect,
    {%- for key in ['sample_id', 'question_id', 'item'] %}
    {{ key_text(aspect.get(key)) }} as {{ key }},
    {%- endfor %}
    {{ canonical_record(aspect_columns(aspect), aspect.get('decimals', [])) }} as record
from {{ samples_of(ref(aspect.table)) if aspect.table in var('public_tables_by_sample') else ref(aspect.table) }}
{%- if aspect.where %}
where {{ aspect.where }}
{%- endif %}
{%- endmacro %}

{#
  The columns that an aspect covers: label_* stands for the labels of the table, in the order of the languages. A public table has
  all of them, a seed those of its file.
#}
{% macro aspect_columns(aspect) %}
  {% set labels = [] %}
  {% for language in (languages() if 'label_*' in aspect.columns else []) %}{% do labels.append('label_' ~ language.code) %}{% endfor %}
  {% if is_seed(aspect.table) %}{% set labels = labels | select('in', seed_columns(aspect.table)) | list %}{% endif %}
  {% set columns = [] %}
  {% for column in aspect.columns %}{% do columns.extend(labels if column == 'label_*' else [column]) %}{% endfor %}
  {{ return(columns) }}
{% endmacro %}

{% macro is_seed(table) %}{{ return(has_graph() and 'seed.' ~ project_name ~ '.' ~ table in graph.nodes) }}{% endmacro %}

{# What an aspect is of, as a row. It is of a seed where no model stands between the two. #}
{% macro aspect_row(aspect) -%}
select
    '{{ aspect.aspect }}' as aspect,
    '{{ aspect.table }}' as table_name,
    '{{ aspect_columns(aspect) | join(' ') }}' as columns,
    '{{ aspect.get('where', 'true') | replace("'", "''") }}' as condition,
    {%- for key in ['sample_id', 'question_id', 'item'] %}
    '{{ aspect.get(key, "''") | replace("'", "''") }}' as {{ key }},
    {%- endfor %}
    {{ is_seed(aspect.table) }} as is_seed,
    {{ aspect.get('input', false) }} as is_input
{%- endmacro %}

{% macro key_text(expression) %}{% if expression %}coalesce(cast({{ expression }} as string), ''){% else %}''{% endif %}{% endmacro %}

{#
  A text that depends on every cell and on no engine: each cell as its length, a colon, its text and a comma. An empty cell
  and none are the same, as in a csv file. Labels after the last one that there is are left out, so that a further language
  changes no record before it has labels.
#}
{% macro canonical_record(columns, decimals) -%}
  concat(
  {%- for column in columns -%}
    {%- set value = 'cast(' ~ column ~ ' as decimal(18, 6))' if column in decimals else column -%}
    {%- set text = "coalesce(cast(" ~ value ~ " as string), '')" -%}
    {%- set later = [] -%}
    {%- for label in columns[loop.index0:] if label.startswith('label_') and column.startswith('label_') -%}
      {%- do later.append(label) -%}
    {%- endfor -%}
    {%- set cell = "cast(length(" ~ text ~ ") as string), ':', " ~ text ~ ", ','" -%}
    {%- if later -%}case when coalesce({{ later | join(', ') }}) is not null then concat({{ cell }}) else '' end
    {%- else -%}{{ cell }}{%- endif -%}
    {%- if not loop.last %}, {% endif -%}
  {%- endfor -%}
  )
{%- endmacro %}

{#
  The digest of the records of a group, in whatever order: SHA-256 of how many they are, a slash, and the sum of the first 60
  bits of the SHA-256 of each. No record has to be kept or sorted, so that a table of answers of any size can be digested.
#}
{% macro signed_digest(record) -%}
{{ sha256_text("cast(count(*) as string) || '/' || cast(" ~ sum_of_sha256(record) ~ " as string)") }}
{%- endmacro %}
