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
-- Only the rows found are worth a line.
from (select *, count(*) over (partition by {{ key | join(', ') }}) as copies from {{ ref(seed.name) }}) as seed
where seed.copies > 1
group by {% for column in key %}seed.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %}
{# Rows that share the first key too are told by it. -#}
{% if not loop.first %}having count(distinct seed.{{ seed.meta['keys'][0][0] }}) > 1{% endif %}
{% endfor %}{% endfor %}
