{# Every judged number agrees with the print. A number that the warehouse cannot compute does not agree. #}
{% test published_numbers_agree(model) %}
select * from {{ model }} where judged and agrees is distinct from true
{% endtest %}
