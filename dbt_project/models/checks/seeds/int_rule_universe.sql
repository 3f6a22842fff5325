-- The universe of a filtered question can be recomputed: its parent is a single-answer question, asked wherever the
-- question is, and has the net or category that lets people in.
with filtered as (
    select
        questions.*,
        parent.question_id as parent_id,
        parent.answer_type as parent_type,
        parent.category_set as parent_set
    from {{ deduplicated('questions', ['question_id']) }} as questions
    left join {{ deduplicated('questions', ['question_id']) }} as parent
        on questions.universe_question_id = parent.question_id
    where coalesce(questions.universe_question_id, questions.universe_net, questions.universe_category_id) is not null
),

fault as (
    select
        cast(null as varchar) as sample_id, question_id,
        'a net or a category lets people in, but no question is named' as finding,
        {{ seed_line('questions', 'filtered', {'universe_question_id': "'<universe_question_id>'"}) }} as resolve_with
    from filtered
    where universe_question_id is null

    union all
    select
        null, question_id, 'the parent ' || parent_id || ' has several answers, so nobody is in or out',
        {{ seed_line('questions', 'filtered', {'universe_question_id': "'<universe_question_id>'"}) }}
    from filtered
    where parent_type = 'multiple'

    union all
    select
        null, question_id, 'one of universe_net and universe_category_id has to be given, and not both',
        {{ seed_line('questions', 'filtered',
            {'universe_net': "'<universe_net>'", 'universe_category_id': "'<or universe_category_id>'"}) }}
    from filtered
    where universe_question_id is not null and (universe_net is null) = (universe_category_id is null)

    union all
    select
        null, filtered.question_id,
        'the parent ' || filtered.parent_id || ' has no ' || coalesce(filtered.universe_net, filtered.universe_category_id),
        {{ seed_line('questions', 'filtered', {
            'universe_net': "case when filtered.universe_net is null then '' else '<universe_net>' end",
            'universe_category_id': "case when filtered.universe_category_id is null then '' else '<universe_category_id>' end"}) }}
    from filtered
    where
        filtered.parent_id is not null
        and (filtered.universe_net is null) <> (filtered.universe_category_id is null)
        and filtered.parent_set in (select category_set from {{ ref('categories') }})
        and not exists (
            select 1
            from {{ ref('categories') }} as categories
            where
                categories.category_set = filtered.parent_set
                and coalesce(filtered.universe_net, categories.net, '') = coalesce(categories.net, '')
                and coalesce(filtered.universe_category_id, categories.category_id) = categories.category_id
        )

    union all
    select
        child.sample_id, child.question_id, 'asked without its parent ' || filtered.parent_id,
        min({{ seed_line('variables', 'child') }})
    from filtered
    inner join {{ ref('variables') }} as child on filtered.question_id = child.question_id and child.role = 'answer'
    left join {{ ref('variables') }} as parent
        on child.sample_id = parent.sample_id
        and filtered.parent_id = parent.question_id
        and parent.role = 'answer'
    where filtered.parent_id is not null and parent.variable is null
    group by child.sample_id, child.question_id, filtered.parent_id
),

finding as (
    select
        'unsound_universe' as rule,
        case
            when sample_id is null then '{{ seed_file("questions") }}'
            else '{{ seed_file("variables") }}'
        end as file,
        sample_id,
        question_id,
        finding,
        resolve_with
    from fault
)

{{ findings_from('finding', ['rule', 'file', 'sample_id', 'question_id', 'finding', 'resolve_with']) }}
