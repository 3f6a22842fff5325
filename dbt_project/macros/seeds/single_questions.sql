{# The single-answer questions of the questions seed, in its order: question_id, answer_type, label_en. #}
{% macro single_questions() %}
  {% set query %}
    select question_id, answer_type, label_en from {{ ref('questions') }} where answer_type <> 'multiple' order by question_id
  {% endset %}
  {% if execute %}
    {{ return(run_query(query).rows) }}
  {% else %}
    {{ return([]) }}
  {% endif %}
{% endmacro %}

{# Which column of marts.fct_response a wide table has of a question. #}
{% macro answer_column(answer_type) -%}
{{ return({'ordinal': 'position', 'numeric': 'value'}.get(answer_type, 'category_id')) }}
{%- endmacro %}

{# Describes the question columns of a wide table with the questions' labels. #}
{% macro comment_on_questions(relation) %}
  {% for question in single_questions() %}
    {% do run_query("comment on column " ~ relation ~ "." ~ question.question_id ~ " is '"
        ~ (question.label_en | replace("'", "''")) ~ " ("
        ~ answer_column(question.answer_type) ~ ")'") %}
  {% endfor %}
{% endmacro %}
