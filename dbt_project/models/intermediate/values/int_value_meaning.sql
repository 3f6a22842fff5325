select * from {{ samples_of(ref('int_coded_value')) }}
union all
select * from {{ samples_of(ref('int_delimited_value')) }}
union all
select * from {{ samples_of(ref('int_number_value')) }}
