{{ no_finding() }}
{% for seed in described_seeds() %}{% for key in seed.meta['keys'] %}
union all
select
    'duplicate_key' as rule,
    '{{ seed.file }}' as file,
    {{ seed_keys(seed, 'seed') }}
    count(*) as n,
    cast(null as varchar) as first_rows,
    count(*) || ' rows have the same {{ key | join(", ") }}; keep one of them' as finding,
    min({{ seed_line(seed.name, 'seed') }}) as resolve_with
from {{ ref(seed.name) }} as seed
group by {% for column in key %}seed.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}
{# Rows that share the first key too are told by it. -#}
having {% if loop.first %}count(*){% else %}count(distinct seed.{{ seed.meta['keys'][0][0] }}){% endif %} > 1
{% endfor %}{% endfor %}
