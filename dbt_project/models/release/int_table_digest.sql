-- The digests add up, so that those of a table do not depend on the order of its samples, nor of their rows.
{% for table in var('public_tables_by_sample') %}
select
    '{{ table }}' as table_name,
    content.sample_id,
    count(*) as n_rows,
    {{ content_digest('content') }} as digest
from {{ samples_of(ref(table)) }} as content
group by content.sample_id
{% if not loop.last %}union all{% endif %}
{% endfor %}
