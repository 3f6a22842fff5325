{# Every public table but quality.release and release_change. #}
{% macro public_tables() %}{{ return(var('public_tables') + figure_tables()) }}{% endmacro %}
