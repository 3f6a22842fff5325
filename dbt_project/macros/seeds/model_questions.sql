{# The questions that the regression models ask for, by name: not what is known of every sample, and no products of others. #}
{% macro model_questions() %}
  {% set query %}
    select outcome as question_id from {{ ref('regression_models') }}
    union
    select term as question_id from {{ ref('regression_terms') }}
    where term not in ('wave', 'country') and coding <> 'interaction'
    order by question_id
  {% endset %}
  {{ return(run_query(query).columns['question_id'].values() | list if execute else []) }}
{% endmacro %}
