select * from {{ ref('int_indicator_choice') }}
union all
select * from {{ ref('int_listed_choice') }}
