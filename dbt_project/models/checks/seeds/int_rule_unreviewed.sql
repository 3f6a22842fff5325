{% for seed, what in [('samples', 'the file is and whose answers it holds'), ('variables', 'the column holds')] %}
select
    'unreviewed_row' as rule,
    '{{ seed_file(seed) }}' as file,
    sample_id,
    {{ 'question_id' if seed == 'variables' else 'cast(null as varchar)' }} as question_id,
    {{ 'variable' if seed == 'variables' else 'cast(null as varchar)' }} as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    'a program proposed what {{ what }}, and no person has accepted it' as finding,
    {{ seed_line(seed, seed, {'review': "'reviewed'"}) }} as resolve_with
from {{ ref(seed) }} as {{ seed }}
where review = 'proposed'
{% if not loop.last %}union all{% endif %}
{% endfor %}
