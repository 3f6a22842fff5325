{# A seed with one row for each key, so that a duplicate, which is a violation of its own, multiplies no answers. #}
{% macro deduplicated(seed, key) -%}
(
        select *
        from (
            select *, row_number() over (partition by {{ key | join(', ') }} order by {{ key | join(', ') }}) as copy
            from {{ ref(seed) }}
        ) as copies
        where copy = 1
    )
{%- endmacro %}
