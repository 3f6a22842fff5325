{# No table of the project has an index, a grant or a foreign key: dbt-duckdb asks the catalog for each, for every node. #}
{% macro has_foreign_key_constraints(relation=none) %}{{ return(false) }}{% endmacro %}
{% macro may_be_foreign_key_target(relation) %}{{ return(false) }}{% endmacro %}
{% macro drop_foreign_key_dependents(relation) %}{{ return([]) }}{% endmacro %}
{% macro restore_foreign_key_dependents(dropped) %}{% endmacro %}
{% macro drop_indexes_on_relation(relation) %}{% endmacro %}
{% macro create_indexes(relation) %}{% endmacro %}
{% macro apply_grants(relation, grant_config, should_revoke) %}{% endmacro %}
