-- What the explorer's tables lack of those of the warehouse: run after them, in the browser and in the tests.
-- raw_variable and raw_code stay behind; the warehouse has them.
create view marts.dim_respondent as select * exclude (respondent) from stored.respondent;

create table marts.fct_response as
select
    respondent.respondent_id,
    respondent.sample_id,
    respondent.wave,
    respondent.country,
    answer.question_id,
    dim_category.category_id,
    dim_category.position,
    dim_category.net,
    answer.value,
    case
        when answer.category_id = 'skipped' then 'skipped'
        else coalesce(dim_category.missing_type, 'answered')
    end as answer_status,
    respondent.weight,
    availability.comparability
from stored.answer
inner join stored.respondent on answer.respondent = respondent.respondent
inner join marts.availability
    on respondent.sample_id = availability.sample_id and answer.question_id = availability.question_id
left join marts.dim_category
    on answer.question_id = dim_category.question_id and answer.category_id = dim_category.category_id;

drop table stored.answer;

create view marts.fct_multiple_response as
select
    respondent.respondent_id,
    respondent.sample_id,
    respondent.wave,
    respondent.country,
    choice.question_id,
    choice.category_id,
    case when choice.cell in ('chosen', 'not_chosen') then choice.cell = 'chosen' end as chosen,
    case when choice.cell in ('chosen', 'not_chosen') then 'answered' else choice.cell end as answer_status,
    respondent.weight,
    availability.comparability
from stored.choice
inner join stored.respondent on choice.respondent = respondent.respondent
inner join marts.availability
    on respondent.sample_id = availability.sample_id and choice.question_id = availability.question_id;
