{# Every eligible number agrees with the published one. A number that the warehouse cannot compute does not agree. #}
{% test published_numbers_agree(model) %}
select * from {{ model }} where eligible and agrees is distinct from true
{% endtest %}
