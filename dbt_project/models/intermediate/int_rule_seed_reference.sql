-- Of several columns that refer together, the first is judged by a reference of its own.
{{ no_finding() }}
{% for seed in described_seeds() %}{% for reference in seed.meta.get('references', []) %}
{% set targets = reference.get('to_columns', reference.columns) %}
{% set wrong = reference.columns[-1] %}
union all
select
    'dangling_reference' as rule,
    '{{ seed.file }}' as file,
    {{ seed_keys(seed, 'seed') }}
    count(*) as n,
    cast(null as varchar) as first_rows,
    {% if reference.columns | length == 1 -%}
    'no row of {{ reference.to }} has the {{ targets[0] }} ' || seed.{{ reference.columns[0] }}
    {%- else -%}
    'the {{ reference.columns[0] }} ' || seed.{{ reference.columns[0] }} || ' has no {{ targets[-1] }} ' || seed.{{ reference.columns[-1] }}
    {%- endif %} as finding,
    min({{ seed_line(seed.name, 'seed', {wrong: "'<" ~ wrong ~ ">'"}) }}) as resolve_with
from {{ ref(seed.name) }} as seed
left join (select distinct {{ targets | join(', ') }} from {{ ref(reference.to) }}) as target
    on {% for column in reference.columns %}seed.{{ column }} = target.{{ targets[loop.index0] }}{% if not loop.last %} and {% endif %}{% endfor %}

where
    target.{{ targets[0] }} is null
    {% for column in reference.columns %}and seed.{{ column }} is not null
    {% endfor %}
    {% if reference.columns | length > 1 -%}
    and seed.{{ reference.columns[0] }} in (select {{ targets[0] }} from {{ ref(reference.to) }})
    {%- endif %}
group by {% for column in reference.columns %}seed.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}
{% endfor %}{% endfor %}
