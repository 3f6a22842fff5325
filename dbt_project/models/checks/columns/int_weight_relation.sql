-- Of each sample with weights, how much they spread, and the answer about the respondent that they go with most: weights are made
-- from such answers. Under chance, (n - 1) times the part of the variance that lies between the answers is chi-squared; z is its
-- cube root as a normal deviate (Wilson, Hilferty 1931, Proc. Natl. Acad. Sci. 17).
with weight as (
    select sample_id, row, weight_variable, weight / max(weight) over (partition by sample_id) as relative_weight
    from {{ ref('int_file_weight') }}
    where weight_variable is not null
),

sample as (
    select
        weight.sample_id,
        weight.weight_variable,
        samples.series,
        count(*) as n,
        {{ exact_sum('weight.relative_weight') }} as total,
        {{ exact_sum('weight.relative_weight * weight.relative_weight') }} as total_of_squares
    from weight
    inner join {{ ref('int_eligible_sample') }} as eligible on weight.sample_id = eligible.sample_id
    inner join {{ deduplicated('samples', ['sample_id']) }} as samples on weight.sample_id = samples.sample_id
    group by weight.sample_id, weight.weight_variable, samples.series
    having bool_and(coalesce(weight.relative_weight > 0 and weight.relative_weight <= 1, false))
),

answer as (
    select
        weight.sample_id,
        answer.question_id,
        answer.category_id,
        count(*) as n,
        {{ exact_sum('weight.relative_weight') }} as total,
        {{ exact_sum('weight.relative_weight * weight.relative_weight') }} as total_of_squares
    from weight
    inner join sample on weight.sample_id = sample.sample_id
    inner join {{ ref('int_single_answer') }} as answer on weight.sample_id = answer.sample_id and weight.row = answer.row
    inner join {{ ref('int_asked') }} as asked
        on answer.sample_id = asked.sample_id and answer.question_id = asked.question_id
    where asked.is_about_respondent and answer.category_id is not null and answer.missing_type is null
    group by weight.sample_id, answer.question_id, answer.category_id
),

variation as (
    select
        sample_id,
        question_id,
        count(*) - 1 as degrees,
        sum(n) as n,
        sum(total * total / n) - sum(total) * sum(total) / sum(n) as between_answers,
        sum(total_of_squares) - sum(total) * sum(total) / sum(n) as variation
    from answer
    group by sample_id, question_id
    having count(*) > 1
),

relation as (
    select
        sample_id,
        question_id,
        (pow((n - 1) * between_answers / variation / degrees, 1 / 3e0) - (1 - 2 / (9e0 * degrees))) / sqrt(2 / (9e0 * degrees)) as z
    from variation
    where variation > 1e-9
)

select
    sample.sample_id,
    sample.weight_variable,
    sample.series,
    sample.n,
    sqrt(greatest(sample.n * sample.total_of_squares / (sample.total * sample.total) - 1, 0)) as coefficient_of_variation,
    max(relation.z) as z
from sample
left join relation on sample.sample_id = relation.sample_id
group by sample.sample_id, sample.weight_variable, sample.series, sample.n, sample.total, sample.total_of_squares
