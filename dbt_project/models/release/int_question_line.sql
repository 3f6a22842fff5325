-- What the crosswalk says of a question in a sample stands in provenance; what is said of it for all samples is added once.
select sample_id, question_id, column_line as line
from {{ ref('provenance') }}

union

select sample_id, question_id, code_line as line
from {{ ref('provenance') }}
where code_line is not null

union

select sample_id, null as question_id, {{ seed_line('samples', 'samples') }} as line
from {{ ref('samples') }} as samples

union

-- Raking to the answers to one question sets the weights of the whole sample.
select sample_id, null as question_id, {{ seed_line('population_margins', 'margins') }} as line
from {{ ref('population_margins') }} as margins

union

select sample_id, null as question_id, {{ seed_line('weight_bounds', 'bounds') }} as line
from {{ ref('weight_bounds') }} as bounds

union

select null as sample_id, question_id, {{ seed_line('questions', 'questions') }} as line
from {{ ref('questions') }} as questions

union

select null as sample_id, questions.question_id, {{ seed_line('categories', 'categories') }} as line
from {{ ref('questions') }} as questions
inner join {{ ref('categories') }} as categories on questions.category_set = categories.category_set

union

-- A universe is of its parents: who is asked the others follows from their answers.
select null as sample_id, question_id, {{ seed_line('universes', 'universes') }} as line
from {{ ref('universes') }} as universes
