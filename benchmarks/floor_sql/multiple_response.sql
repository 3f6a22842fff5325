-- Delimited cells are taken apart once for each text, not for each record.
create temp table delimited as
select first_record + row as record, column_no, question_no, coalesce(value, '<blank>') as raw_code
from read_parquet(getvariable('landed_answers'))
join (from multiple_column where layout = 'delimited') as c using (sample_id, column_position)
join first_record using (sample_id);

create temp table delimited_text as
select column_no, raw_code, bit_or(status_bit) as status_bits, bit_or(choice) as choices
from (
    select t.column_no, t.raw_code, unnest(string_split(t.raw_code, c.delimiter)) as code
    from (select distinct column_no, raw_code from delimited) as t
    join multiple_column as c using (column_no)
)
join multiple_meaning using (column_no, code)
group by all;

create temp table listed as
select record, question_no, raw_code, status_bits, choices
from delimited
join delimited_text using (column_no, raw_code)
union all
select first_record + row as record, question_no, string_agg(code, ';' order by m.column_position), bit_or(status_bit), bit_or(choice)
from read_parquet(getvariable('landed_answers')) as a
join multiple_meaning as m
    on a.sample_id = m.sample_id and a.column_position = m.column_position and coalesce(a.value, '<blank>') = m.code and m.layout = 'ranked'
join first_record on a.sample_id = first_record.sample_id
group by record, question_no;

-- The status of all questions with indicator columns, four bits each, in one number a record.
create temp table record_status as
select record, respondent_id, status_bits
from record
left join (
    select first_record + row as record, bit_or(status_bits) as status_bits
    from read_parquet(getvariable('landed_answers'))
    join (from coded_column where layout = 'indicator') as c using (sample_id, column_position)
    join multiple_code on coalesce(value, '<blank>') = code
    join cell_status on cell = first_cell + code_no
    join first_record using (sample_id)
    group by record
) using (record);

create table fct_multiple_response as
select respondent_id, indicator_cell.* exclude (cell_and_status)
from (
    select first_record + row as record, first_cell + code_no as cell, shift
    from read_parquet(getvariable('landed_answers'))
    join (from coded_column where layout = 'indicator' and chosen_bit = 8) as c using (sample_id, column_position)
    join multiple_code on coalesce(value, '<blank>') = code
    join first_record using (sample_id)
)
join record_status using (record)
join indicator_cell on cell_and_status = cast(16 * cell + ((status_bits >> shift) & 15) as integer)
union all
select
    respondent_id, sample_id, wave, country, question_id, category_id,
    case when answer_status = 'answered' then (choices >> category_no) & 1 = 1 end,
    answer_status, cast(1 as double), comparability, raw_variable, raw_code
from listed
join record using (record)
join offered using (question_no)
join status on bit = case when status_bits = 0 then 2 else status_bits & -status_bits end;
