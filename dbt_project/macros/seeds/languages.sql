{# The languages of readers in their order, each with code and name. What is shown in one language is shown in the first. #}
{% macro languages() %}
  {% set code = language_code('language') %}
  {% set query %}
    select {{ code }} as code, min(name) as name
    from {{ ref('languages') }}
    where {{ is_column_name(code) }}
    group by {{ code }}
    order by min(coalesce(cast(language_order as integer), 9999)), {{ code }}
  {% endset %}
  {% set found = run_query(query).rows if execute else [] %}
  {% if has_graph() and not found %}
    {% do exceptions.raise_compiler_error(seed_file('languages') ~ ' has no language; add the one in which every label is written, as en,1,English') %}
  {% endif %}
  {{ return(found) }}
{% endmacro %}

{# How the columns of a language are called. #}
{% macro language_code(language) %}{{ return("lower(replace(" ~ language ~ ", '-', '_'))") }}{% endmacro %}

{# The column of the labels in the first language. #}
{% macro first_label() %}
  {% set codes = languages() | map(attribute='code') | list %}
  {{ return('label_' ~ (codes[0] if codes else 'first')) }}
{% endmacro %}

{#
  The labels of a seed, one of each language: column, name (of the language), is_first, is_there (whether the seed has the column).
  Stops the build where the seed lacks the column of the first language. Of several seeds the languages are asked for once.
#}
{% macro labels_of(seed, known=none) %}
  {% set known = known or languages() %}
  {% set header = seed_columns(seed) %}
  {% set labels = [] %}
  {% for language in known if has_graph() %}
    {% set column = 'label_' ~ language.code %}
    {% if loop.first and column not in header %}
      {% do exceptions.raise_compiler_error(seed_file(seed) ~ ' has no column ' ~ column ~ '; add it, since every label is written in '
          ~ language.name ~ ', the first language of ' ~ seed_file('languages') ~ ', or put there a language first in which they are') %}
    {% endif %}
    {% do labels.append({'column': column, 'name': language.name, 'is_first': loop.first, 'is_there': column in header}) %}
  {% endfor %}
  {{ return(labels) }}
{% endmacro %}

{# The labels of a row of a seed as the last columns of a query, empty in a language that the seed does not have. #}
{% macro label_columns(seed, row) -%}
  {%- for label in labels_of(seed) -%}
    , cast({{ row ~ '.' ~ label.column if label.is_there else 'null' }} as string) as {{ label.column }}
  {% endfor -%}
{%- endmacro %}

{# Describes the label columns of a table. #}
{% macro comment_on_labels(relation) %}
  {% for language in languages() %}
    {% do run_query('comment on column ' ~ relation ~ '.label_' ~ language.code ~ " is 'Its label in " ~ (language.name | replace("'", "''"))
        ~ ('' if loop.first else ', where there is one') ~ "'") %}
  {% endfor %}
{% endmacro %}
