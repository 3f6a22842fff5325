{% for name in ['drift_alpha', 'usual_movement', 'movement_degrees'] %}
select '{{ name }}' as name, cast({{ var(name) }} as decimal(18, 6)) as value
{% if not loop.last %}union all{% endif %}
{% endfor %}
