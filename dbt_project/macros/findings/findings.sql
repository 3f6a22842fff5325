{# The keys of quality.violation that a seed has, each where it is the same in all rows of a group. #}
{% macro seed_keys(seed, row) -%}
  {%- for column in ['sample_id', 'question_id', 'variable', 'code'] %}
    {% if column in seed.columns -%}
    case when min({{ row }}.{{ column }}) = max({{ row }}.{{ column }}) then min({{ row }}.{{ column }}) end
    {%- else -%}cast(null as varchar){%- endif %} as {{ column }},
  {%- endfor %}
    cast(null as varchar) as raw_label,
{%- endmacro %}

{# No finding: what a list of queries begins with that may be empty. #}
{% macro no_finding() -%}
select
    cast(null as varchar) as rule,
    cast(null as varchar) as file,
    cast(null as varchar) as sample_id,
    cast(null as varchar) as question_id,
    cast(null as varchar) as variable,
    cast(null as varchar) as code,
    cast(null as varchar) as raw_label,
    cast(null as bigint) as n,
    cast(null as varchar) as first_rows,
    cast(null as varchar) as finding,
    cast(null as varchar) as resolve_with
where false
{%- endmacro %}
