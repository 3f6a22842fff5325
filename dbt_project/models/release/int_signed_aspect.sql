{% for aspect in signed_aspects(true) + signed_aspects(false) %}
{{ aspect_row(aspect) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
