-- What the seeds say of the 22 files, with a small number for each column, code and combination of both.
create temp table variables as from read_csv(getvariable('seeds') || '/crosswalk/variables.csv', all_varchar = true);
create temp table code_lists as from read_csv(getvariable('seeds') || '/crosswalk/code_lists.csv', all_varchar = true);
create temp table categories as from read_csv(getvariable('seeds') || '/survey/categories.csv', all_varchar = true);
create temp table questions as from read_csv(getvariable('seeds') || '/survey/questions.csv', all_varchar = true);
create temp table samples as
select sample_id, cast(wave as smallint) as wave, country
from read_csv(getvariable('seeds') || '/survey/samples.csv', all_varchar = true);

create temp table answer_column as
select v.*, s.wave, s.country, q.category_set, landed.column_position
from variables as v
join samples as s using (sample_id)
join questions as q using (question_id)
join read_parquet(getvariable('landed_variables')) as landed using (sample_id, variable)
where v.role = 'answer';

-- status_bit: the lowest of those that a respondent's cells of a question have decides.
create temp table status (bit integer, answer_status varchar);
insert into status values (1, 'skipped'), (2, 'no_answer'), (4, 'dont_know'), (8, 'answered');

create temp table category as
select
    category_set, category_id, cast(position as smallint) as position, net, missing_type,
    cast(value_min as integer) as value_min, cast(value_max as integer) as value_max,
    coalesce(status.bit, 8) as status_bit,
    cast(row_number() over (partition by category_set order by category_id) - 1 as integer) as category_no
from categories
left join status on categories.missing_type = status.answer_status;

create temp table code_of_column as
select
    c.sample_id, c.variable, l.code, l.category_id, own.category_no,
    own.category_id is not null as is_own,
    coalesce(own.position, reserved.position) as position,
    coalesce(own.net, reserved.net) as net,
    coalesce(own.missing_type, reserved.missing_type) as missing_type,
    coalesce(own.status_bit, reserved.status_bit) as status_bit
from answer_column as c
join code_lists as l using (code_list)
left join category as own on c.category_set = own.category_set and l.category_id = own.category_id
left join category as reserved on reserved.category_set = 'reserved' and l.category_id = reserved.category_id;

-- Single answers. An age, or a year of birth, that is no code falls into a band.
create temp table number_of_column as
select c.sample_id, c.variable, cast(n.number as varchar) as code, band.category_id, band.position, band.net, n.age
from (
    select sample_id, variable, category_set, wave, layout, unnest(range(2100)) as number,
        case layout when 'birth_year' then wave - number else number end as age
    from answer_column
    where layout in ('number', 'birth_year')
) as n
join answer_column as c using (sample_id, variable)
join category as band on c.category_set = band.category_set and n.age between band.value_min and band.value_max and band.position is not null
anti join code_of_column as own on c.sample_id = own.sample_id and c.variable = own.variable and own.code = cast(n.number as varchar);

create temp table single_answer as
select
    c.sample_id, c.wave, c.country, c.question_id,
    case when m.missing_type is distinct from 'skipped' then m.category_id end as category_id,
    m.position, m.net, m.value,
    coalesce(m.missing_type, 'answered') as answer_status,
    cast(1 as double) as weight,
    c.comparability, c.variable as raw_variable, m.code as raw_code
from answer_column as c
join (
    select sample_id, variable, code, category_id, position, net, missing_type, cast(null as double) as value from code_of_column
    union all
    select sample_id, variable, code, category_id, position, net, null, age from number_of_column
) as m using (sample_id, variable)
where c.layout in ('single', 'number', 'birth_year');

create temp table single_code as
select code, cast(row_number() over () - 1 as integer) as code_no
from (select distinct raw_code as code from single_answer);

create temp table single_column as
select sample_id, variable, column_position,
    cast((row_number() over () - 1) * (select count(*) from single_code) as integer) as first_cell
from answer_column
where layout in ('single', 'number', 'birth_year');

create temp table single_cell as
select c.first_cell + k.code_no as cell, a.*
from single_answer as a
join single_column as c on a.sample_id = c.sample_id and a.raw_variable = c.variable
join single_code as k on a.raw_code = k.code;

-- Multiple answers. A sample has at most 8 such questions, so that four bits of each fit into a number; question_no is one
-- number for each question of each sample.
create temp table multiple_column as
select
    c.*,
    cast(4 * (dense_rank() over (partition by c.sample_id order by c.question_id) - 1) as integer) as shift,
    cast(dense_rank() over (order by c.sample_id, c.question_id) - 1 as integer) as question_no,
    cast(row_number() over (order by c.sample_id, c.column_position) - 1 as integer) as column_no,
    stands_for.status_bit as chosen_bit
from answer_column as c
left join category as stands_for on c.category_set = stands_for.category_set and c.category_id = stands_for.category_id
where c.layout in ('indicator', 'ranked', 'delimited');

create temp table multiple_meaning as
select
    c.sample_id, c.column_position, c.layout, c.question_no, c.column_no, c.shift, c.chosen_bit, k.code,
    k.category_id = 'chosen' as is_chosen,
    case
        when c.layout = 'indicator' and k.category_id = 'chosen' then c.chosen_bit
        when k.missing_type is not null or k.is_own then k.status_bit
        else 0
    end as status_bit,
    case when k.is_own and k.missing_type is null then 1 << k.category_no else 0 end as choice
from multiple_column as c
join code_of_column as k using (sample_id, variable);

create temp table multiple_code as
select code, cast(row_number() over () - 1 as integer) as code_no
from (select distinct code from multiple_meaning where layout <> 'delimited');

create temp table multiple_cell as
select cast(m.column_no * (select count(*) from multiple_code) + k.code_no as integer) as cell, m.*
from multiple_meaning as m
join multiple_code as k using (code)
where m.layout <> 'delimited';

create temp table coded_column as
select sample_id, column_position, layout, shift, chosen_bit,
    cast(column_no * (select count(*) from multiple_code) as integer) as first_cell
from multiple_column
where layout <> 'delimited';

create temp table cell_status as
select cell, cast(status_bit as bigint) << shift as status_bits
from multiple_cell;

-- What an indicator cell says, for each set of status bits that its question can have.
create temp table indicator_cell as
select
    16 * m.cell + bits.bits as cell_and_status,
    c.sample_id, c.wave, c.country, c.question_id, c.category_id,
    case when status.answer_status = 'answered' then m.is_chosen end as chosen,
    status.answer_status,
    cast(1 as double) as weight,
    c.comparability, c.variable as raw_variable, m.code as raw_code
from multiple_cell as m
join multiple_column as c using (column_no)
cross join (select cast(unnest(range(16)) as integer) as bits) as bits
join status on status.bit = case when bits.bits = 0 then 2 else bits.bits & -bits.bits end
where m.layout = 'indicator' and m.chosen_bit = 8;

-- The categories that a ranked or delimited question offers.
create temp table offered as
select distinct c.question_no, c.sample_id, c.wave, c.country, c.question_id, k.category_id, k.category_no, c.comparability,
    names.raw_variable
from multiple_column as c
join code_of_column as k using (sample_id, variable)
join (
    select question_no, string_agg(variable, ';' order by column_position) as raw_variable from multiple_column group by all
) as names using (question_no)
where c.layout in ('ranked', 'delimited') and k.is_own and k.missing_type is null;
