{# Every eligible cell is close to the published one. #}
{% test published_cells_are_close(model) %}
select * from {{ model }} where eligible and close is distinct from true
{% endtest %}

{# At least so many of 100 eligible cells equal the published ones. #}
{% test enough_published_cells_agree(model, percent) %}
select count(*) as n_eligible, count(case when agrees then 1 end) as n_agree
from {{ model }}
where eligible
having 100 * count(case when agrees then 1 end) < {{ percent }} * count(*)
{% endtest %}

{# Every number that a table of estimates and t statistics has is an eligible cell. #}
{% test every_published_cell_is_eligible(model, published) %}
select cell.n_eligible, printed.n_published
from (select count(*) as n_eligible from {{ model }} where eligible) as cell
cross join (select count(estimate) + count(t_stat) as n_published from {{ published }}) as printed
where cell.n_eligible <> printed.n_published
{% endtest %}
