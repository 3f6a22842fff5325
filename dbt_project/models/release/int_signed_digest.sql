with record as (
    {% for aspect in signed_aspects(of_respondents=false) %}
    {{ aspect_records(aspect) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select aspect, sample_id, question_id, item, {{ signed_digest('record') }} as sha256
from record
group by aspect, sample_id, question_id, item

union all

select aspect, sample_id, question_id, item, sha256
from {{ ref('int_answer_digest') }}
