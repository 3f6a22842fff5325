{{ no_finding() }}
{% for seed in described_seeds() %}{% for column in seed.columns if column in ('label_en', 'label_ko', 'label_ja') %}
union all
select
    'missing_label' as rule,
    '{{ seed.file }}' as file,
    cast(null as varchar) as sample_id,
    {{ 'seed.question_id' if 'question_id' in seed.columns else 'cast(null as varchar)' }} as question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    '{{ column }} is empty: readers of that language see no label' as finding,
    {{ seed_line(seed.name, 'seed', {column: "'<" ~ column ~ ">'"}) }} as resolve_with
from {{ ref(seed.name) }} as seed
where seed.{{ column }} is null
{% endfor %}{% endfor %}
