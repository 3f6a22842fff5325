select * from {{ ref('int_indicator_choice') }}
union all
select * from {{ ref('int_delimited_choice') }}
union all
select * from {{ ref('int_ranked_choice') }}
