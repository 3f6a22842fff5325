-- Records that follow one another and agree far more than neighbours in this file usually do: one interview copied with
-- changes, or written by one hand. Agreement is summed over so many consecutive pairs, and compared with the median of all such
-- sums of the file and with the distance from there to the lowest tenth, which is 1.28 standard deviations and which the
-- records in question do not move. Without such records the largest sum of a file is 3 to 5.6 standard deviations above the
-- median, in whatever order the records stand, also sorted by an answer.
{% set lowest_tenth, beyond = '128e-2', 7 %}
with neighbour as (
    select
        sample_id,
        row,
        n_questions,
        {{ differing_letters('letters', 'lag(letters) over (partition by sample_id order by row)') }} as n_different
    from {{ samples_of(ref('int_answer_pattern')) }}
),

summed as (
    {% for n_pairs in [5, 10] %}
    select
        sample_id,
        {{ n_pairs }} as n_pairs,
        lag(row, {{ n_pairs }}) over (partition by sample_id order by row) as first_row,
        row as last_row,
        n_questions,
        {{ n_pairs }} * n_questions - sum(n_different) over (
            partition by sample_id order by row rows between {{ n_pairs - 1 }} preceding and current row
        ) as n_same
    from neighbour
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (partition by sample_id, n_pairs order by n_same) as order_of_sum,
        count(*) over (partition by sample_id, n_pairs) as n_sums
    from summed
    where first_row is not null
),

usual as (
    select
        sample_id,
        n_pairs,
        max(case when 2 * order_of_sum <= n_sums then n_same end) as median,
        max(case when 10 * order_of_sum <= n_sums then n_same end) as low
    from ranked
    -- A tenth of fewer is not known well.
    where n_sums >= 100
    group by sample_id, n_pairs
)

select
    ranked.sample_id,
    ranked.first_row,
    ranked.last_row,
    1e0 * ranked.n_same / (ranked.n_pairs * ranked.n_questions) as likeness,
    1e0 * usual.median / (ranked.n_pairs * ranked.n_questions) as usual_likeness
from ranked
inner join usual on ranked.sample_id = usual.sample_id and ranked.n_pairs = usual.n_pairs
where (ranked.n_same - usual.median) * {{ lowest_tenth }} > {{ beyond }} * greatest(usual.median - usual.low, 1)
