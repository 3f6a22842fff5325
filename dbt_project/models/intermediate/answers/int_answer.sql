select * from {{ samples_of(ref('int_coded_answer')) }}
union all
select * from {{ samples_of(ref('int_delimited_answer')) }}
union all
select * from {{ samples_of(ref('int_number_answer')) }}
