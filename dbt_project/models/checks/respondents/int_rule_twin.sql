-- No person is in two samples; so records agree in all that two samples share as often as chance makes them. How often that
-- is, the samples say themselves: were p and q the shares of a pattern of answers in the two, the expected number of pairs is n m
-- times the sum of p q, which is at most the geometric mean of what p p and q q would give (Cauchy and Schwarz), and
-- these are seen in the pairs within each sample. One pair more than was seen, so that none does not count as impossible.
-- Beyond the expected number by Chernoff's bound on a Poisson count, at one in a thousand for all comparisons together.
with within as (
    select sample_id, other_sample_id, question_set, sum(n * (n - 1)) / 2 + 1 as n_pairs
    from {{ ref('int_shared_pattern') }}
    group by sample_id, other_sample_id, question_set
),

twin as (
    select
        pattern.sample_id,
        pattern.other_sample_id,
        pattern.question_set,
        least(pattern.n, other_pattern.n) as n,
        pattern.first_row,
        other_pattern.first_row as other_row,
        row_number() over (
            partition by pattern.sample_id, pattern.other_sample_id, pattern.question_set order by pattern.first_row
        ) as twin_number
    from {{ ref('int_shared_pattern') }} as pattern
    inner join {{ ref('int_shared_pattern') }} as other_pattern
        on pattern.sample_id = other_pattern.other_sample_id
        and pattern.other_sample_id = other_pattern.sample_id
        and pattern.question_set = other_pattern.question_set
        and pattern.pattern_digest = other_pattern.pattern_digest
    where pattern.is_later
),

counted as (
    select
        twin.sample_id,
        twin.other_sample_id,
        twin.question_set,
        sum(twin.n) as n,
        2 * sqrt(max(within.n_pairs) * max(other_within.n_pairs)) as n_expected,
        {{ first_values('twin.first_row', 5) }} as first_rows,
        {{ joined_text(
            "case when twin.twin_number <= 5 then twin.first_row || ' and ' || twin.other_row end", 'twin.first_row') }} as pairs
    from twin
    inner join within
        on twin.sample_id = within.sample_id
        and twin.other_sample_id = within.other_sample_id
        and twin.question_set = within.question_set
    inner join within as other_within
        on twin.sample_id = other_within.other_sample_id
        and twin.other_sample_id = other_within.sample_id
        and twin.question_set = other_within.question_set
    group by twin.sample_id, twin.other_sample_id, twin.question_set
),

comparison as (
    select count(*) / 2 as n from within
),

bounded as (
    select *, n * ln(n / n_expected) - n + n_expected as minus_log_chance
    from counted
    where n > n_expected
),

beyond_chance as (
    select
        bounded.*,
        row_number() over (
            partition by bounded.sample_id, bounded.other_sample_id order by bounded.minus_log_chance desc, bounded.question_set
        ) as order_of_set
    from bounded
    cross join comparison
    where bounded.minus_log_chance > ln(1000 * comparison.n)
),

finding as (
    select
        'respondents_of_another_wave' as rule,
        beyond_chance.sample_id,
        beyond_chance.n,
        beyond_chance.first_rows,
        'records have the same answers as a record of ' || other_samples.file || ' to all '
        || beyond_chance.question_set || 'questions that both ask alike; chance makes '
        || cast(ceil(beyond_chance.n_expected) as integer) || ' at most; the first rows here and there: '
        || replace(beyond_chance.pairs, ';', '; ') as finding,
        'find out which of the two files the records belong to, and ask the agency for the other again' as resolve_with
    from beyond_chance
    inner join {{ ref('int_eligible_sample') }} as eligible on beyond_chance.sample_id = eligible.sample_id
    inner join {{ ref('int_eligible_sample') }} as other_eligible on beyond_chance.other_sample_id = other_eligible.sample_id
    inner join {{ deduplicated('samples', ['sample_id']) }} as other_samples
        on beyond_chance.other_sample_id = other_samples.sample_id
    where beyond_chance.order_of_set = 1
)

{{ findings_from('finding', ['rule', 'sample_id', 'n', 'first_rows', 'finding', 'resolve_with']) }}
