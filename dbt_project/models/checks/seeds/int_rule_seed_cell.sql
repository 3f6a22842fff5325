-- The printed line of a row is long: it is planned once for each seed, and not for each column that is judged.
{{ no_finding() }}
{% for seed in described_seeds() %}
{% set checks = [] %}
{% for column in seed.meta.get('required', []) %}
  {% do checks.append((column, 'seed.' ~ column ~ ' is null', "' is empty'", '<' ~ column ~ '>')) %}
{% endfor %}
{% for column, values in seed.meta.get('allowed', {}).items() %}
  {% set listed = values | join(', ') %}
  {% do checks.append((
      column,
      'seed.' ~ column ~ " not in ('" ~ values | join("', '") ~ "')",
      "' is ' || seed." ~ column ~ " || ', which is none of " ~ listed ~ "'",
      '<' ~ values | join('|') ~ '>')) %}
{% endfor %}
{% if checks %}
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
    seed.finding,
    {{ hinted_line(seed.name, 'seed', checks | map(attribute=0) | unique) }} as resolve_with
from (
    {% for column, condition, finding, hint in checks %}
    select seed.*, '{{ column }}' || {{ finding }} as finding, '{{ column }}' as faulty_column, '{{ hint }}' as hint
    from {{ ref(seed.name) }} as seed
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as seed
{% endif %}{% endfor %}
