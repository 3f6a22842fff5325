{{ aspect_digests('public tables') }}

union all

select aspect, sample_id, question_id, item, sha256
from {{ ref('int_answer_digest') }}

union all

select aspect, sample_id, question_id, item, sha256
from {{ ref('int_input_digest') }}
