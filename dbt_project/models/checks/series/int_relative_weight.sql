-- Relative to the largest of the sample, so that no weight is too large for an exact sum. A sample with a weight that is no positive
-- number, which the rules on weights report, counts as one without weights.
with checked as (
    select
        sample_id,
        row,
        weight / max(weight) over (partition by sample_id) as relative_weight,
        min(case when weight > 0 and weight < cast('infinity' as double) then 1 else 0 end) over (partition by sample_id) as is_valid
    from {{ ref('int_weight') }}
    where is_weighted
)

select sample_id, row, relative_weight
from checked
where is_valid = 1
