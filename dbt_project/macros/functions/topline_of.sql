{# topline_of(question) and trend_of(question) for any client: the rows of analysis.topline and analysis.trend of one question; an error where its
   answers are numbers, which analysis.topline_number has. #}
{% macro create_topline_of() %}
create or replace macro main.topline_of(question) as table
select * from analysis.topline where question_id = main.question_of_categories(question);
comment on macro table main.topline_of is 'topline_of(question): the rows of analysis.topline of one question'
{% endmacro %}

{% macro create_trend_of() %}
create or replace macro main.trend_of(question) as table
select * from analysis.trend where question_id = main.question_of_categories(question);
comment on macro table main.trend_of is 'trend_of(question): the rows of analysis.trend of one question, each wave beside the one before'
{% endmacro %}
