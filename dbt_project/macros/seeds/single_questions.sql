{# The single-answer questions of the questions seed, in its order: question_id, answer_type, label (in the first language). #}
{% macro single_questions() %}
  {% set query %}
    select question_id, answer_type, {{ first_label() }} as label from {{ ref('questions') }} where answer_type <> 'multiple' order by question_id
  {% endset %}
  {% if execute %}
    {{ return(run_query(query).rows) }}
  {% else %}
    {{ return([]) }}
  {% endif %}
{% endmacro %}

{# Describes the question columns of a wide table with the questions' labels. #}
{% macro comment_on_questions(relation) %}
  {% for question in single_questions() %}
    {% do run_query("comment on column " ~ relation ~ "." ~ question.question_id ~ " is '"
        ~ (question.label | replace("'", "''")) ~ " ("
        ~ ("position" if question.answer_type == "ordinal" else "category_id") ~ ")'") %}
  {% endfor %}
{% endmacro %}
