-- A number (an age, or a year of birth as the age in the year of the poll) that stands in far more records than the numbers beside
-- it and the other waves have it: a missing answer under the guise of a number, or a number that was cut off at the top.
{% set threshold = 5 %}
{# How often rounding lets a number stand, as a multiple of what is expected: some ages are rounded more in one wave than in another;
   where no other wave tells what is usual, 20 and 30 stand up to four times as often as the numbers beside them. #}
{% set rounded, rounded_alone = 2, 5 %}
{# Of fewer numbers, such as the persons of a household, those beside a number do not tell how often it stands; nor do they in a numeric
   question, whose answers people round to tens and hundreds: there the other waves have to tell. #}
{% set enough_numbers = 20 %}
with number as (
    select
        frequency.sample_id,
        eligible.country,
        eligible.answer_type,
        frequency.question_id,
        frequency.variable,
        frequency.number,
        min(frequency.code) as code,
        cast(sum(frequency.n) as bigint) as n,
        min(frequency.first_rows) as first_rows
    from {{ ref('int_code_frequency') }} as frequency
    inner join {{ ref('int_eligible_question') }} as eligible
        on frequency.sample_id = eligible.sample_id and frequency.question_id = eligible.question_id
    where frequency.number is not null
    group by frequency.sample_id, eligible.country, eligible.answer_type, frequency.question_id, frequency.variable, frequency.number
),

beside as (
    select
        *,
        sum(n) over (partition by sample_id, variable) as base_n,
        count(*) over (partition by sample_id, variable) as n_numbers,
        (sum(n) over (partition by sample_id, variable order by number range between 3 preceding and 3 following) - n) / 6e0 as mean_beside,
        sum(n) over (partition by country, question_id, number) as country_n,
        sum(n) over (partition by country, question_id) as country_base_n
    from number
),

expected as (
    select
        *,
        greatest(mean_beside, coalesce(1e0 * base_n * (country_n - n) / nullif(country_base_n - base_n, 0), 0)) as expected_n
    from beside
),

compared as (
    select
        expected.*,
        -- Square roots of counts vary alike, whatever the count.
        2 * (sqrt(expected.n + 375e-3) - sqrt(expected.expected_n + 375e-3)) / sqrt(design.design_effect) as z
    from expected
    inner join {{ ref('int_design_effect') }} as design on expected.sample_id = design.sample_id
),

finding as (
    select
        'heaped_number' as rule,
        sample_id,
        question_id,
        variable,
        code,
        n,
        first_rows,
        'the numbers beside it and the other waves let expect ' || printf('%.0f', expected_n) || ' records of them' as finding,
        'correct the file; where the number stands for a missing answer, or for all above it, give the column a code list with it'
        || ' in crosswalk/code_lists.csv' as resolve_with
    from compared
    where
        z > {{ threshold }}
        and case
            when country_base_n > base_n then n > {{ rounded }} * expected_n
            else n > {{ rounded_alone }} * expected_n and n_numbers >= {{ enough_numbers }} and answer_type <> 'numeric'
        end
)

{{ findings_from('finding', ['rule', 'sample_id', 'question_id', 'variable', 'code', 'n', 'first_rows', 'finding', 'resolve_with']) }}
