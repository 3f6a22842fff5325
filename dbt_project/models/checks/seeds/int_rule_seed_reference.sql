-- Of several columns that refer together, the first is judged by a reference of its own. As in int_rule_seed_cell, the
-- printed line is planned once for each seed.
{{ no_finding() }}
{% for seed in described_seeds() if seed.meta.get('references') %}
union all
select
    'dangling_reference' as rule,
    '{{ seed.file }}' as file,
    {{ seed_keys(seed, 'seed') }}
    count(*) as n,
    cast(null as varchar) as first_rows,
    seed.finding,
    min({{ hinted_line(seed.name, 'seed', seed.meta['references'] | map(attribute='columns') | map('last') | unique) }}) as resolve_with
from (
    {% for reference in seed.meta['references'] %}
    {% set targets = reference.get('to_columns', reference.columns) %}
    {% set wrong = reference.columns[-1] %}
    select
        seed.*,
        {% if reference.columns | length == 1 -%}
        'no row of {{ reference.to }} has the {{ targets[0] }} ' || seed.{{ reference.columns[0] }}
        {%- else -%}
        'the {{ reference.columns[0] }} ' || seed.{{ reference.columns[0] }} || ' has no {{ targets[-1] }} ' || seed.{{ reference.columns[-1] }}
        {%- endif %} as finding,
        '{{ wrong }}' as faulty_column,
        '<{{ wrong }}>' as hint
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
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as seed
group by seed.finding, seed.faulty_column
{% endfor %}
