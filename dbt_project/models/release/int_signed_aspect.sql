{# A digest is of a seed where no model stands between the two. #}
{% for aspect in var('signed_aspects') %}
select
    '{{ aspect.aspect }}' as aspect,
    '{{ aspect.table }}' as table_name,
    '{{ aspect.columns | join(' ') }}' as columns,
    '{{ escape_single_quotes(aspect.get('where', 'true')) }}' as condition,
    {%- for key in ['sample_id', 'question_id', 'item'] %}
    '{{ escape_single_quotes(aspect.get(key, "''")) }}' as {{ key }},
    {%- endfor %}
    {{ 'seed.' ~ project_name ~ '.' ~ aspect.table in graph.nodes }} as is_seed,
    {{ aspect.get('input', false) }} as is_input
{% if not loop.last %}union all{% endif %}
{% endfor %}
