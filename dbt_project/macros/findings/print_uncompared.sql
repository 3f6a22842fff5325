{# Says which questions that a country was asked before are compared with no earlier asking: drift cannot see their faults. #}
{% macro print_uncompared(comparable_asking) %}
  {% if execute %}
    {% set reasons = {
        'referent': 'since another person or government is rated',
        'comparability': 'since the crosswalk calls them worded, scaled or asked otherwise',
        'options': 'since fewer than two options are the same',
        'numbers': 'since their answers are numbers, of which nobody knows how far they usually move',
    } %}
    {% set uncompared %}
      select uncompared_because, count(*), {{ joined_text("sample_id || ' ' || question_id", 'sample_id, question_id') }}
      from {{ comparable_asking }}
      where uncompared_because <> 'first asking'
      group by uncompared_because
      order by uncompared_because
    {% endset %}
    {% for reason, number, questions in run_query(uncompared).rows %}
      {% do log(number ~ ' question(s) are compared with no earlier wave, ' ~ reasons[reason] ~ ': ' ~ questions.replace(';', ', '), info=true) %}
    {% endfor %}
  {% endif %}
{% endmacro %}
