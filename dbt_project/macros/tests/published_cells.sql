{# Every eligible cell is close to the published one. #}
{% test published_cells_are_close(model) %}
select * from {{ model }} where judged and close is distinct from true
{% endtest %}

{# At least so many eligible cells equal the published ones. #}
{% test enough_published_cells_agree(model, at_least) %}
select count(*) as n_agree from {{ model }} where agrees having count(*) < {{ at_least }}
{% endtest %}
