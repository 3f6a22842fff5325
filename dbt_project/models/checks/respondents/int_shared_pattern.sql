-- In four sets of questions, so that records are recognised also where answers of several parts, or the questions about
-- the respondent, were not taken along.
{% set sets = [
    ('', 'true'),
    ('single-answer ', 'shared.is_single'),
    ('opinion ', 'shared.is_opinion'),
    ('single-answer opinion ', 'shared.is_single and shared.is_opinion'),
] %}
with record as (
    select
        answer.sample_id,
        shared.other_sample_id,
        shared.is_later,
        answer.row,
        {% for question_set, condition in sets %}
        {{ joined_digest('case when ' ~ condition ~ ' then harmonised.meaning_digest end') }} as pattern_{{ loop.index }},
        {% endfor %}
        min(shared.thinned_to) as thinned_to
    from {{ samples_of(ref('int_respondent_answer')) }} as answer
    inner join {{ samples_of(ref('int_harmonised_answer')) }} as harmonised
        on answer.sample_id = harmonised.sample_id
        and answer.question_id = harmonised.question_id
        and answer.answer_digest = harmonised.answer_digest
    inner join {{ ref('int_shared_question') }} as shared
        on answer.sample_id = shared.sample_id and answer.question_id = shared.question_id
    group by answer.sample_id, shared.other_sample_id, shared.is_later, answer.row
)

{% for question_set, condition in sets %}
select
    sample_id,
    other_sample_id,
    is_later,
    '{{ question_set }}' as question_set,
    pattern_{{ loop.index }} as pattern_digest,
    count(*) as n,
    min(row) as first_row
from record
where {{ is_multiple('pattern_' ~ loop.index, 'thinned_to') }}
group by sample_id, other_sample_id, is_later, pattern_{{ loop.index }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
