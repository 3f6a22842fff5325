{# Every judged cell is close to the print. #}
{% test published_cells_are_close(model) %}
select * from {{ model }} where judged and close is distinct from true
{% endtest %}

{# At least so many judged cells are equal to the print. #}
{% test enough_published_cells_agree(model, at_least) %}
select count(*) as n_agree from {{ model }} where agrees having count(*) < {{ at_least }}
{% endtest %}
