{# Every row has a label in the first language. #}
{% test first_label_is_there(model) %}
select * from {{ model }} where {{ first_label() }} is null
{% endtest %}
