-- One row a record, with a running number over all files; agencies' identifiers are numbers.
create temp table identified as
select sample_id, row, sample_id || '-' || printf('%04d', row_number() over (partition by sample_id order by cast(value as bigint))) as respondent_id
from read_parquet(getvariable('landed_answers'))
join (select sample_id, variable from variables where role = 'id') using (sample_id, variable);

create temp table first_record as
select sample_id, cast(sum(n) over (order by sample_id) - n as integer) as first_record
from (select sample_id, count(*) as n from identified group by sample_id);

create temp table record as
select cast(first_record + row as integer) as record, respondent_id
from identified
join first_record using (sample_id);
