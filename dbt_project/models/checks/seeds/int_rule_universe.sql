-- The universe of a filtered question can be recomputed: each of its parents is another question with a single answer, asked
-- wherever the question is, and has the net, category or numbers that let people in. as_delivered is no universe: there the
-- file alone says who was asked.
with question as (
    select * from {{ deduplicated('questions', ['question_id']) }} as questions
),

condition as (
    select
        universes.*,
        parent.question_id as parent_id,
        parent.answer_type as parent_type,
        parent.category_set as parent_set,
        case when universes.net is null then 0 else 1 end
        + case when universes.category_id is null then 0 else 1 end
        + case when coalesce(universes.value_min, universes.value_max) is null then 0 else 1 end as n_given
    from {{ ref('universes') }} as universes
    left join question as parent on universes.question_id = parent.question_id
),

asked as (
    select variables.*, coalesce(variables.universe, question.universe) as applied
    from {{ ref('variables') }} as variables
    inner join question on variables.question_id = question.question_id
    where variables.role = 'answer'
),

named as (
    select universe from question where universe is not null
    union
    select universe from {{ ref('variables') }} where universe is not null
),

filtered as (
    select asked.*, condition.parent_id, condition.value_min, condition.value_max
    from asked
    inner join condition on asked.applied = condition.universe
    where asked.applied <> 'as_delivered'
),

-- Who decides about whom: by the seeds of all samples, whose sample is an empty text, and in each sample.
path_1 as (
    select '' as sample_id, question.question_id as child_id, condition.question_id as parent_id
    from question
    inner join condition on question.universe = condition.universe
    where question.universe <> 'as_delivered'
    union
    select sample_id, question_id, parent_id
    from filtered
    where parent_id is not null
),

-- And by way of others, up to sixteen steps on.
{% for steps in [1, 2, 4, 8] %}
path_{{ 2 * steps }} as (
    select * from path_{{ steps }}
    union
    select near.sample_id, near.child_id, far.parent_id
    from path_{{ steps }} as near
    inner join path_{{ steps }} as far on near.sample_id = far.sample_id and near.parent_id = far.child_id
),

{% endfor %}
companion as (
    select there.sample_id, there.child_id, there.parent_id
    from path_16 as there
    inner join path_16 as back
        on there.sample_id = back.sample_id and there.child_id = back.parent_id and there.parent_id = back.child_id
    where there.child_id <> there.parent_id
),

circle as (
    select
        own.sample_id,
        own.child_id as question_id,
        {{ joined_text('companion.parent_id', 'companion.parent_id') }} as companions
    from path_16 as own
    left join companion on own.sample_id = companion.sample_id and own.child_id = companion.child_id
    where own.child_id = own.parent_id
    group by own.sample_id, own.child_id
),

circle_finding as (
    select
        sample_id,
        question_id,
        'the answer to the question itself decides who is asked it'
        || coalesce(', by way of ' || replace(companions, ';', ', '), '') as finding
    from circle
),

fault as (
    select
        '{{ seed_file("universes") }}' as file, cast(null as string) as sample_id, question_id,
        'as_delivered is reserved: in {{ seed_file("variables") }} it means that the file alone says who was asked' as finding,
        {{ seed_line('universes', 'condition', {'universe': "'<universe>'"}) }} as resolve_with
    from condition
    where universe = 'as_delivered'

    union all
    select
        '{{ seed_file("universes") }}', null,
        case when min(question_id) = max(question_id) then min(question_id) end,
        'no question and no column has the universe ' || universe,
        min({{ seed_line('universes', 'condition') }})
    from condition
    where universe <> 'as_delivered' and universe not in (select universe from named)
    group by universe

    union all
    select
        '{{ seed_file("variables") }}', sample_id, question_id,
        'no row of universes has the universe ' || universe,
        min({{ seed_line('variables', 'asked', {'universe': "'<universe>'"}) }})
    from asked
    where universe <> 'as_delivered' and universe not in (select universe from condition where universe is not null)
    group by sample_id, question_id, universe

    union all
    select
        '{{ seed_file("universes") }}', null, question_id,
        'the parent ' || parent_id || ' has several answers, so nobody is in or out',
        {{ seed_line('universes', 'condition', {'question_id': "'<question_id>'"}) }}
    from condition
    where parent_type = 'multiple'

    union all
    select
        '{{ seed_file("universes") }}', null, question_id,
        'one of net, category_id and value_min to value_max has to be given, and not several',
        {{ seed_line('universes', 'condition', {
            'net': "'<net>'", 'category_id': "'<or category_id>'", 'value_min': "'<or value_min>'",
            'value_max': "'<and value_max>'"}) }}
    from condition
    where n_given <> 1

    union all
    select
        '{{ seed_file("universes") }}', null, question_id,
        'the parent ' || parent_id || ' has no ' || coalesce(net, category_id),
        {{ seed_line('universes', 'condition', {
            'net': "case when condition.net is null then '' else '<net>' end",
            'category_id': "case when condition.category_id is null then '' else '<category_id>' end"}) }}
    from condition
    where
        parent_id is not null
        and n_given = 1
        and coalesce(net, category_id) is not null
        and parent_set in (select category_set from {{ ref('categories') }})
        and not exists (
            select 1
            from {{ ref('categories') }} as categories
            where
                categories.category_set = condition.parent_set
                and coalesce(condition.net, categories.net, '') = coalesce(categories.net, '')
                and coalesce(condition.category_id, categories.category_id) = categories.category_id
        )

    union all
    select
        '{{ seed_file("variables") }}', filtered.sample_id, filtered.question_id,
        'the parent ' || filtered.parent_id || ' has no numbers in this sample, only categories',
        min({{ seed_line('variables', 'filtered', {'universe': "'<universe>'"}) }})
    from filtered
    inner join asked as parent on filtered.sample_id = parent.sample_id and filtered.parent_id = parent.question_id
    where
        coalesce(filtered.value_min, filtered.value_max) is not null
        and parent.layout not in ('number', 'birth_year')
    group by filtered.sample_id, filtered.question_id, filtered.parent_id

    union all
    select
        '{{ seed_file("variables") }}', filtered.sample_id, filtered.question_id,
        'asked without its parent ' || filtered.parent_id,
        'give the column of ' || filtered.parent_id || ' its question; only where the file lacks it, '
        || min({{ seed_line('variables', 'filtered', {'universe': "'as_delivered'"}) }})
    from filtered
    left join asked as parent on filtered.sample_id = parent.sample_id and filtered.parent_id = parent.question_id
    where filtered.parent_id is not null and parent.variable is null
    group by filtered.sample_id, filtered.question_id, filtered.parent_id

    union all
    select
        '{{ seed_file("variables") }}', sample_id, question_id, 'the columns of the question differ in universe',
        min({{ seed_line('variables', 'asked', {'universe': "'<universe>'"}) }})
    from asked
    group by sample_id, question_id
    having count(distinct coalesce(applied, '')) > 1

    union all
    select
        '{{ seed_file("questions") }}', null, question.question_id, circle_finding.finding,
        {{ seed_line('questions', 'question', {'universe': "'<universe>'"}) }}
    from circle_finding
    inner join question on circle_finding.question_id = question.question_id
    where circle_finding.sample_id = ''

    union all
    select
        '{{ seed_file("variables") }}', asked.sample_id, asked.question_id, circle_finding.finding,
        min({{ seed_line('variables', 'asked', {'universe': "'<universe>'"}) }})
    from circle_finding
    inner join asked on circle_finding.sample_id = asked.sample_id and circle_finding.question_id = asked.question_id
    where circle_finding.question_id not in (select question_id from circle where sample_id = '')
    group by asked.sample_id, asked.question_id, circle_finding.finding
),

finding as (
    select 'unsound_universe' as rule, fault.*
    from fault
)

{{ findings_from('finding', ['rule', 'file', 'sample_id', 'question_id', 'finding', 'resolve_with']) }}
