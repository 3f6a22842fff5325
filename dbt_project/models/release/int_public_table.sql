-- depends_on: {{ ref('int_duplicate_key') }}
-- A table's digest does not depend on the order of its rows.
with content as (
    select table_name, n_rows, digest from {{ ref('int_table_digest') }}
    {% for table in public_tables() if table not in var('public_tables_by_sample') %}
    union all
    select '{{ table }}' as table_name, count(*) as n_rows, {{ content_digest(table) }} as digest
    from {{ ref(table) }}
    {% endfor %}
)

select
    table_name,
    cast(sum(n_rows) as bigint) as n_rows,
    coalesce(sum(digest), 0) as digest
from content
group by table_name
