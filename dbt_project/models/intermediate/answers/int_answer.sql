select * from {{ ref('int_coded_answer') }}
union all
select * from {{ ref('int_delimited_answer') }}
union all
select * from {{ ref('int_number_answer') }}
