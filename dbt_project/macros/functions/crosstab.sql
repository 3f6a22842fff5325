{# crosstab(question, by_question) for any client: the answers to one question by those to another, respondents without either left out. #}
{% macro create_crosstab() %}
create or replace macro main.crosstab(question, by_question) as table
select
    answer.wave,
    answer.country,
    split.category_id as by_category_id,
    answer.category_id,
    count(*) as n,
    100.0 * count(*) / sum(count(*)) over (partition by answer.wave, answer.country, split.category_id) as pct
from marts.fct_response as answer
inner join marts.fct_response as split
    on answer.respondent_id = split.respondent_id and split.question_id = by_question
where answer.question_id = question and answer.category_id is not null and split.category_id is not null
group by answer.wave, answer.country, split.category_id, answer.category_id
order by answer.wave, answer.country, split.category_id, answer.category_id
{% endmacro %}
