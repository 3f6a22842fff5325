create table fct_response as
select record.respondent_id, single_cell.* exclude (cell)
from (
    select first_record + row as record, first_cell + code_no as cell
    from read_parquet(getvariable('landed_answers'))
    join single_column using (sample_id, column_position)
    join single_code on coalesce(value, '<blank>') = code
    join first_record using (sample_id)
)
join single_cell using (cell)
join record using (record);
