-- That a respondent's name begins with that of the sample and ends with a number makes what is unique in each sample unique.
{% for table in var('public_tables_by_sample') %}
{% set columns = keys_of(table) | first | default(['respondent_id'], true) %}
select
    '{{ table }}' as table_name,
    sample_id,
    {% for column in columns -%}
    coalesce(cast({{ column }} as varchar), '<empty>') {{ "|| ' ' || " if not loop.last }}
    {%- endfor %} as key,
    count(*) as n
from {{ samples_of(ref(table)) }}
group by sample_id, {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- if column == 'respondent_id' %}
    or not starts_with({{ column }}, sample_id || '-')
    or not {{ is_running_number('substr(' ~ column ~ ', length(sample_id) + 2)') }}
    {%- endif -%}
    {% endfor %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
