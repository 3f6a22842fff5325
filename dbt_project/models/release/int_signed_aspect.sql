{% for aspect in var('signed_aspects') %}
{{ aspect_row(aspect) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
