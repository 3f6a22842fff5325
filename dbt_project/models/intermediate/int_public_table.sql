-- A table's digest does not depend on the order of its rows.
{% for table in var('public_tables') %}
select
    '{{ table }}' as table_name,
    count(*) as n_rows,
    md5(count(*) || '/' || coalesce(sum(cast({{ row_digest('content') }} as hugeint)), 0)) as digest
from {{ ref(table) }} as content
{% if not loop.last %}union all{% endif %}
{% endfor %}
