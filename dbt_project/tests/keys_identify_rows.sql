-- No two rows of a public table have the same key; int_duplicate_key looks at those that are incremental by sample_id.
{% for table in public_tables() if table not in var('public_tables_by_sample') %}
{% do ref(table) %}
{% for key in keys_of(table) %}
select '{{ table }}' as table_name, '{{ key | join(", ") }}' as key, count(*) as n_repeated
from (select count(*) from {{ ref(table) }} group by {{ key | join(', ') }} having count(*) > 1) as repeated
having count(*) > 0
union all
{% endfor %}
{% endfor %}
select null, null, null
where false
