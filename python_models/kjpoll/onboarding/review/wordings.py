"""How the questionnaire of a sample words its questions, kept when they are accepted."""

from __future__ import annotations

from collections.abc import Collection

from kjpoll.common.label_text import question_words
from kjpoll.common.properties import seed_properties
from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.propose.blocks import shared_label
from kjpoll.onboarding.propose.label_language import LabelLanguages
from kjpoll.onboarding.review.survey import Row, Survey


def put_wordings(survey: Survey, sample_id: str, profile: FileProfile, questions: Collection[str]) -> None:
    """Put the words that the file has of these questions into survey/wordings.csv, in the place of those that were taken from
    it before. What a person added from elsewhere stays."""
    languages = LabelLanguages(
        survey.rows_of_seed("languages"),
        [*survey.rows_of_seed("questions"), *survey.rows_of_seed("categories")],
    )
    columns = {variable.name: variable for variable in profile.variables}
    sources = {variable.wording_source for variable in profile.variables} | {"label", "header"}
    of_question = survey.questions_of(sample_id)
    for question_id in sorted(set(questions) & of_question.keys()):
        asked = [columns[row["variable"]] for row in of_question[question_id] if row["variable"] in columns]
        words = question_words(shared_label(asked))
        language = languages.language_of(words)
        row = None
        if language:
            source = next(column.wording_source for column in asked if column.wording)
            row = dict(
                zip(survey.wordings.header, (sample_id, question_id, language, words, source), strict=True)
            )
        _put(survey, sample_id, question_id, row, sources)


def _put(survey: Survey, sample_id: str, question_id: str, row: Row | None, sources: Collection[str]) -> None:
    """Put `row` in the place of the rows of these sources, unless a person worded the question in its language."""
    seed, key_columns = survey.wordings, seed_properties()["wordings"].key
    positions = seed.find(sample_id=sample_id, question_id=question_id)
    taken = [position for position in positions if seed.rows[position]["source"] in sources]
    if row in [seed.rows[position] for position in taken] and len(taken) == 1:
        return
    for position in reversed(taken):
        seed.remove(position)
    if row is None or any(True for _ in seed.find(**{name: row[name] for name in key_columns})):
        return
    key = tuple(row[name] for name in key_columns)
    later = (n for n, known in enumerate(seed.rows) if tuple(known[name] for name in key_columns) > key)
    seed.insert(next(later, len(seed.rows)), row)


def drop_unasked(survey: Survey, sample_id: str) -> None:
    """Take out the wordings of questions that no column of the sample answers any more."""
    asked = {row["question_id"] for row in survey.rows_of(sample_id) if row["role"] == "answer"}
    for position in reversed(survey.wordings.find(sample_id=sample_id)):
        if survey.wordings.rows[position]["question_id"] not in asked:
            survey.wordings.remove(position)
