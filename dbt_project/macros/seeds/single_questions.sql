{# The single-answer questions of the questions seed, in its order: question_id, answer_type, respondent_role, label (in the first language). #}
{% macro single_questions() %}
  {% set query %}
    select question_id, answer_type, respondent_role, {{ first_label() }} as label
    from {{ ref('questions') }}
    where answer_type <> 'multiple'
    order by question_id
  {% endset %}
  {% if execute %}
    {{ return(run_query(query).rows) }}
  {% else %}
    {{ return([]) }}
  {% endif %}
{% endmacro %}

{# Those that say who the respondents are, rather than what they think. #}
{% macro respondent_questions() %}
  {% set questions = [] %}
  {% for question in single_questions() if question.respondent_role %}{% do questions.append(question) %}{% endfor %}
  {{ return(questions) }}
{% endmacro %}

{# Which column of marts.fct_response a wide table has of a question. #}
{% macro answer_column(answer_type) -%}
{{ return({'ordinal': 'position', 'numeric': 'value'}.get(answer_type, 'category_id')) }}
{%- endmacro %}

{# Describes the question columns of a wide table with the questions' labels. #}
{% macro comment_on_questions(relation, questions) %}
  {% for question in questions %}
    {% do run_query("comment on column " ~ relation ~ "." ~ question.question_id ~ " is '"
        ~ (question.label | replace("'", "''")) ~ " ("
        ~ answer_column(question.answer_type) ~ ")'") %}
  {% endfor %}
{% endmacro %}
