{# What the other functions are called with, or an error: a misspelled name is no empty table. #}
{% macro create_known_question() %}
create or replace macro main.known_question(question) as case
    when exists (select 1 from marts.dim_question as known where known.question_id = question) then question
    else error('there is no question ''' || coalesce(question, 'null') || '''; select question_id, {{ first_label() }} from marts.dim_question')
end;
comment on macro main.known_question is 'known_question(question): the question, or an error where none has the name'
{% endmacro %}

{% macro create_single_question() %}
create or replace macro main.single_question(question) as case
    when exists (select 1 from marts.dim_question as known where known.question_id = question and known.answer_type <> 'multiple')
        then main.question_of_categories(question)
    when main.known_question(question) is not null
        then error('the question ''' || question || ''' takes several answers, and a table is split by single answers; crosstab_tested counts several in its first question')
end;
comment on macro main.single_question is 'single_question(question): the question, or an error where no question of single answers, none of them numbers, has the name'
{% endmacro %}

{% macro create_question_of_categories() %}
create or replace macro main.question_of_categories(question) as case
    when exists (select 1 from marts.dim_question as known where known.question_id = question and known.answer_type = 'numeric')
        then error('the question ''' || question || ''' has numbers, which are no categories to count; from analysis.topline_number where question_id = ''' || question || ''' gives their mean and quantiles')
    else main.known_question(question)
end;
comment on macro main.question_of_categories is 'question_of_categories(question): the question, or an error where none has the name or its answers are numbers'
{% endmacro %}

{% macro create_known_wave() %}
create or replace macro main.known_wave(number) as case
    when exists (select 1 from marts.dim_sample as known where known.wave = number) then number
    else error('there is no wave ' || coalesce(cast(number as varchar), 'null') || '; select distinct wave from marts.dim_sample')
end;
comment on macro main.known_wave is 'known_wave(number): the wave, or an error where there is none'
{% endmacro %}
