{# A table of faults has no rows. #}
{% test is_empty(model) %}
select * from {{ model }}
{% endtest %}
