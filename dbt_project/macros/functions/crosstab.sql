{# crosstab(question, by_question) for any client: the answers to one question by those to another, respondents without either left out. #}
{% macro create_crosstab() %}
create or replace macro main.crosstab(question, by_question) as table
with counted as (
    select
        answer.sample_id,
        answer.wave,
        answer.country,
        split.category_id as by_category_id,
        answer.category_id,
        count(*) as n,
        {{ exact_sum('answer.weight') }} as weighted_n
    from marts.fct_response as answer
    inner join marts.fct_response as split
        on answer.respondent_id = split.respondent_id and split.question_id = main.single_question(by_question)
    where answer.question_id = main.single_question(question) and answer.category_id is not null and split.category_id is not null
    group by answer.sample_id, answer.wave, answer.country, split.category_id, answer.category_id
)

select
    counted.sample_id,
    counted.wave,
    counted.country,
    counted.by_category_id,
    by_category.{{ first_label() }} as by_label,
    by_category.position as by_position,
    counted.category_id,
    category.{{ first_label() }} as label,
    category.position,
    counted.n,
    100.0 * counted.weighted_n / sum(counted.weighted_n) over by_answer as pct,
    100.0 * counted.n / sum(counted.n) over by_answer as pct_unweighted,
    case
        when not sample.synthetic then 'observed'
        when published.pct is not null then 'published'
        else 'assumed'
    end as basis
from counted
inner join marts.dim_sample as sample on counted.sample_id = sample.sample_id
left join published.subgroups as published
    on counted.sample_id = published.sample_id
    and published.question_id = question
    and counted.category_id = published.option_id
    and published.subgroup = by_question
    and counted.by_category_id = published.value
inner join marts.dim_category as by_category
    on by_category.question_id = by_question and counted.by_category_id = by_category.category_id
inner join marts.dim_category as category
    on category.question_id = question and counted.category_id = category.category_id
window by_answer as (partition by counted.sample_id, counted.by_category_id)
order by
    counted.sample_id,
    by_category.position nulls last, counted.by_category_id, category.position nulls last, counted.category_id;
comment on macro table main.crosstab is 'crosstab(question, by_question): the answers to one question of single answers by those to another, weighted where the sample is'
{% endmacro %}
