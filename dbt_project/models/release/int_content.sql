select
    md5(string_agg(table_name || ':' || digest, ',' order by table_name)) as content_hash,
    count(*) as n_tables
from {{ ref('int_public_table') }}
