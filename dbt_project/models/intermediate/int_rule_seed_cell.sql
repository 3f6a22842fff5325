{{ no_finding() }}
{% for seed in described_seeds() %}
{% set checks = [] %}
{% for column in seed.meta.get('required', []) %}
  {% do checks.append((column, 'seed.' ~ column ~ ' is null', "'" ~ column ~ " is empty'", '<' ~ column ~ '>')) %}
{% endfor %}
{% for column, values in seed.meta.get('allowed', {}).items() %}
  {% set listed = values | join(', ') %}
  {% do checks.append((
      column,
      'seed.' ~ column ~ " not in ('" ~ values | join("', '") ~ "')",
      "'" ~ column ~ " is ' || seed." ~ column ~ " || ', which is none of " ~ listed ~ "'",
      '<' ~ values | join('|') ~ '>')) %}
{% endfor %}
{% for column, condition, finding, hint in checks %}
union all
select
    'invalid_cell' as rule,
    '{{ seed.file }}' as file,
    {% for key in ['sample_id', 'question_id', 'variable', 'code'] -%}
    {{ 'seed.' ~ key if key in seed.columns else 'cast(null as varchar)' }} as {{ key }},
    {% endfor -%}
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    {{ finding }} as finding,
    {{ seed_line(seed.name, 'seed', {column: "'" ~ hint ~ "'"}) }} as resolve_with
from {{ ref(seed.name) }} as seed
where {{ condition }}
{% endfor %}{% endfor %}
