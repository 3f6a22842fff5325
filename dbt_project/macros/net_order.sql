{# The order in which nets are shown. #}
{% macro net_order(net) %}case {{ net }} when 'positive' then 1 when 'neither' then 2 when 'negative' then 3 end{% endmacro %}
