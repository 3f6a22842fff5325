{# The rules that hold for every seed, each as further rows of a union; a seed's description says what its rows have to be. #}

{# The columns that a finding shares with a seed, and no label of a file. #}
{% macro own_keys(seed) -%}
  {%- for column in ['sample_id', 'question_id', 'variable', 'code'] -%}
    {{ 'seed.' ~ column if column in seed.columns else 'null' }},
  {% endfor -%}
  null
{%- endmacro %}

{# The same of a group of rows: each where it is the same in all of them. #}
{% macro common_keys(seed) -%}
  {%- for column in ['sample_id', 'question_id', 'variable', 'code'] -%}
    {%- if column in seed.columns -%}
    case when min(seed.{{ column }}) = max(seed.{{ column }}) then min(seed.{{ column }}) end
    {%- else -%}null{%- endif -%},
  {% endfor -%}
  null
{%- endmacro %}

{# The code list or category set of a row, or those of a group of rows. #}
{% macro own_lists(seed) -%}
  {%- for column in ['code_list', 'category_set'] -%}
    {{ 'seed.' ~ column if column in seed.columns else 'null' }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{% macro common_lists(seed) -%}
  {%- for column in ['code_list', 'category_set'] -%}
    {{ joined_text('seed.' ~ column, 'seed.' ~ column) if column in seed.columns else 'null' }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{% macro duplicate_keys(seed) %}
{% for key in seed.meta['keys'] %}
union all
select
    'duplicate_key', '{{ seed.file }}', {{ common_keys(seed) }}, count(*), null,
    count(*) || ' rows have the same {{ key | join(", ") }}; keep one of them',
    min({{ seed_line(seed.name, 'seed') }}),
    {{ common_lists(seed) }}
-- Only the rows found are worth a line.
from (select *, count(*) over (partition by {{ key | join(', ') }}) as copies from {{ ref(seed.name) }}) as seed
where seed.copies > 1
group by {% for column in key %}seed.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}

{# Rows that share the first key too are found by it. -#}
{% if not loop.first %}having count(distinct seed.{{ seed.meta['keys'][0][0] }}) > 1{% endif %}
{% endfor %}
{% endmacro %}

{# Of several columns that refer together, the first is checked by a reference of its own. #}
{% macro dangling_references(seed) %}
{% if seed.meta.get('references') %}
union all
select
    'dangling_reference', '{{ seed.file }}', {{ common_keys(seed) }}, count(*), null, seed.finding,
    min({{ hinted_line(seed.name, 'seed', seed.meta['references'] | map(attribute='columns') | map('last') | unique) }}),
    {{ common_lists(seed) }}
from (
    {% for reference in seed.meta['references'] %}
    {% set targets = reference.get('to_columns', reference.columns) %}
    {% set wrong = reference.columns[-1] %}
    select
        seed.*,
        {% if reference.columns | length == 1 -%}
        'no row of {{ reference.to }} has the {{ targets[0] }} ' || seed.referred
        {%- else -%}
        'the {{ reference.columns[0] }} ' || seed.{{ reference.columns[0] }} || ' has no {{ targets[-1] }} ' || seed.referred
        {%- endif %} as finding,
        '{{ wrong }}' as faulty_column,
        '<{{ wrong }}>' as hint
    from (
        select *, {{ split_rows(wrong, "'" ~ reference.delimiter ~ "'") if reference.delimiter else wrong }} as referred
        from {{ ref(seed.name) }}
    ) as seed
    left join (select distinct {{ targets | join(', ') }} from {{ ref(reference.to) }}) as target
        on seed.referred = target.{{ targets[-1] }}{% for column in reference.columns[:-1] %} and seed.{{ column }} = target.{{ targets[loop.index0] }}{% endfor %}

    where
        target.{{ targets[0] }} is null
        {% for column in reference.columns %}and seed.{{ column }} is not null
        {% endfor %}
        {% if reference.columns | length > 1 -%}
        and seed.{{ reference.columns[0] }} in (select {{ targets[0] }} from {{ ref(reference.to) }})
        {%- endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as seed
group by seed.finding, seed.faulty_column
{% endif %}
{% endmacro %}

{# True where a row of another key has the text of the last column, as a reader compares texts, and the same other values. #}
{% macro is_repeated(seed, columns) -%}
{%- set values = columns[:-1] + ['lower(trim(' ~ columns[-1] ~ '))'] -%}
({% for column in columns[:-1] %}seed.{{ column }}, {% endfor %}lower(trim(seed.{{ columns[-1] }}))) in (
    select {{ values | join(', ') }} from {{ ref(seed.name) }}
    group by {{ values | join(', ') }} having count(distinct {{ seed.meta['keys'][0][-1] }}) > 1
)
{%- endmacro %}

{# The printed line of a row is long: it is planned once for each seed, and not for each column that is checked. #}
{% macro invalid_cells(seed) %}
{% set checks = [] %}
{% for column in seed.meta.get('required', []) %}
  {% do checks.append((column, 'seed.' ~ column ~ ' is null', "' is empty'", '<' ~ column ~ '>', 'invalid_cell')) %}
{% endfor %}
{% for column, values in seed.meta.get('allowed', {}).items() %}
  {% set listed = values | join(', ') %}
  {% do checks.append((
      column,
      'seed.' ~ column ~ " not in ('" ~ values | join("', '") ~ "')",
      "' is ' || seed." ~ column ~ " || ', which is none of " ~ listed ~ "'",
      '<' ~ values | join('|') ~ '>', 'invalid_cell')) %}
{% endfor %}
{% for condition in seed.meta.get('conditions', []) %}
  {% set of_row = 'not (' ~ condition.holds ~ ')' %}
  {% do checks.append((
      condition.column,
      of_row if not condition.beside else
      'exists (select 1 from ' ~ ref(condition.beside) ~ ' as beside where beside.' ~ condition.by ~ ' = seed.' ~ condition.by ~ ' and ' ~ of_row ~ ')',
      "' is ' || coalesce(cast(seed." ~ condition.column ~ " as string), 'empty') || ', which is " ~ condition.finding ~ "'",
      '<' ~ condition.column ~ '>', 'implausible_cell')) %}
{% endfor %}
{% for column in seed.meta.get('of_categories', []) %}
  {% do checks.append((
      column,
      'seed.' ~ column ~ " in (select question_id from " ~ ref('questions') ~ " where answer_type = 'numeric')",
      "' is ' || seed." ~ column ~ " || ', a numeric question, whose answers are no categories'",
      '<' ~ column ~ '>', 'implausible_cell')) %}
{% endfor %}
{% for label in seed.labels if label.is_there and seed.meta.get('distinct_labels') %}
  {% do checks.append((
      label.column,
      is_repeated(seed, seed.meta['distinct_labels'] + [label.column]),
      "' is ' || seed." ~ label.column ~ " || ', which another row of the same " ~ seed.meta['distinct_labels'] | join(', ') ~ " has too'",
      '<' ~ label.column ~ '>', 'implausible_cell')) %}
{% endfor %}
{% for column, names in seed.reserved.items() %}
  {% do checks.append((
      column,
      'not ' ~ is_column_name('seed.' ~ column),
      "' is ' || seed." ~ column ~ " || ', which is not made of a small letter and small letters, digits and _'",
      '<' ~ column ~ '>', 'implausible_cell')) %}
  {% do checks.append((
      column,
      is_reserved_word('seed.' ~ column),
      "' is ' || seed." ~ column ~ " || ', which is a reserved word of SQL'",
      '<' ~ column ~ '>', 'implausible_cell')) %}
  {% do checks.append((
      column,
      'seed.' ~ column ~ " in ('" ~ names | join("', '") ~ "')",
      "' is ' || seed." ~ column ~ " || ', which is a column of " ~ seed.meta['column_of'][column] ~ " already'",
      '<' ~ column ~ '>', 'implausible_cell')) %}
{% endfor %}
{% if checks %}
union all
select
    seed.broken_rule, '{{ seed.file }}', {{ own_keys(seed) }}, null, null, seed.finding,
    {{ hinted_line(seed.name, 'seed', checks | map(attribute=0) | unique) }},
    {{ own_lists(seed) }}
from (
    {% for column, condition, finding, hint, broken_rule in checks %}
    select
        seed.*, '{{ broken_rule }}' as broken_rule, '{{ column }}' || {{ finding }} as finding,
        '{{ column }}' as faulty_column, '{{ hint }}' as hint
    from {{ ref(seed.name) }} as seed
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as seed
{% endif %}
{% endmacro %}

{#
  Cells without a label, one finding for each; of a language in which nothing has a label, one for the seed. The first language is
  the one that every reader falls back on.
#}
{% macro missing_labels(seed) %}
{% for label in seed.labels %}
{% set column = label.column %}
{% set rule = 'missing_first_label' if label.is_first else 'missing_label' %}
{% if label.is_there %}
union all
select
    '{{ rule }}', '{{ seed.file }}', null, {{ 'seed.question_id' if 'question_id' in seed.columns else 'null' }}, null, null, null,
    null, null, '{{ column }} is empty: readers of that language see no label',
    {{ seed_line(seed.name, 'seed', {column: "'<" ~ column ~ ">'"}) }},
    null, null
from {{ ref(seed.name) }} as seed
where seed.{{ column }} is null and exists (select 1 from {{ ref(seed.name) }} where {{ column }} is not null)
{% endif %}

union all
select
    '{{ rule }}', '{{ seed.file }}', null, null, null, null, null,
    count(*), null, '{{ column }} is {{ "empty in every row" if label.is_there else "no column of the seed" }}: readers of that language see no label',
    {{ 'min(' ~ seed_line(seed.name, 'seed', {column: "'<" ~ column ~ ">'"}) ~ ')' if label.is_there
        else "'" ~ seed.file ~ ": add the column " ~ column ~ "'" }},
    null, null
from {{ ref(seed.name) }} as seed
having count(*) > 0{% if label.is_there %} and count(seed.{{ column }}) = 0{% endif %}

{% endfor %}
{% endmacro %}

{# Label columns of a language that the languages seed does not name. #}
{% macro unread_labels(seed) %}
{% for column in seed_columns(seed.name) if seed.meta.get('labels') and column.startswith('label_') %}
union all
select
    'unread_label', '{{ seed.file }}', null, null, null, null, null,
    null, null, '{{ column }} is the column of a language that {{ seed_file("languages") }} does not name: nobody reads it',
    {{ new_seed_line('languages', {
        'language': "'" ~ column.removeprefix('label_') | replace('_', '-') ~ "'",
        'language_order': 'cast(max(known.language_order) + 1 as string)',
        'name': "'<name>'",
    }) }},
    null, null
from {{ ref('languages') }} as known
having count(case when 'label_' || {{ language_code('known.language') }} = '{{ column }}' then 1 end) = 0
{% endfor %}
{% endmacro %}
