"""What the row of a column is likely to be once a person has said which question it answers, and what the categories of a new
question are likely to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kjpoll.common.label_text import LEADING_NUMBER, MARKS, plain, question_words, shared_start
from kjpoll.common.languages import label_columns
from kjpoll.common.properties import seed_properties
from kjpoll.onboarding.profile import BLANK, FileProfile

from .asked import Target
from .blocks import Block, blocks_of, shared_label
from .codes import CERTAIN, code_lists
from .folded_text import WHOLE_NUMBER, code_key
from .match_evidence import Evidence
from .matching import Match, shipped_weights
from .proposals import Proposal
from .reading_doubts import reading_certainty
from .survey_history import History
from .variable_rows import proposals_of

Row = Mapping[str, str]


def row_of_question(
    sample: Row, profile: FileProfile, history: History, row: Row
) -> tuple[Proposal, dict[str, dict[str, str]]]:
    """The proposal for the column of `row`, whose question a person has named, and the code lists that it needs and no seed has
    (code -> category_id, '' where open). Its reason is that of the code list. A layout and a delimiter that the row has stay.

    `sample`: the row of the samples seed. `history` knows the question.
    """
    evidence = Evidence(history, int(sample["wave"]), sample["country"])
    target = Target("answer", row["question_id"])
    block = _with_layout(
        _block_of(sample, profile, row["variable"]), row, history.questions[row["question_id"]]
    )
    matched = _matched(block, target, evidence)
    codes, drafts = code_lists([matched], evidence, sample["sample_id"])
    proposals = proposals_of(matched, codes, evidence, shipped_weights(), sample["sample_id"])
    proposal = next(one for one in proposals if one.row["variable"] == row["variable"])
    # What nobody knew without the person is no reason; what the codes mean is.
    code_match = codes.get(row["variable"])
    return replace(proposal, why=code_match.why if code_match else ""), drafts


def _matched(block: Block, target: Target, evidence: Evidence) -> Match:
    """With the reading of its codes where labels give it, a list that the question had before, or the answers beyond doubt; else
    the codes are left open: no neighbour confirms a guess."""
    matched = Match(block, target, evidence.fit(block, target), 1.0, True, 1.0, None, 0.0, 0.0)
    scheme = matched.scheme
    had = {asking.code_list for asking in evidence.history.targets.get(target, ())}
    if matched.fit is None or scheme is None or scheme.relation == "label" or scheme.source in had:
        return matched
    if reading_certainty(matched, evidence) >= CERTAIN:
        return matched
    return replace(matched, fit=replace(matched.fit, schemes=()))


def _block_of(sample: Row, profile: FileProfile, variable: str) -> Block:
    blocks = blocks_of(profile, sample["id_variable"], sample["weight_variable"])
    return next(block for block in blocks if variable in {column.name for column in block.variables})


def _with_layout(block: Block, row: Row, question: Row) -> Block:
    layouts = seed_properties()["variables"].allowed["layout"]
    seen = block.layout if block.layout in layouts else "single"
    if question["answer_type"] == "numeric":
        seen = "number"
    layout, delimiter = row["layout"] or seen, row["delimiter"] or block.delimiter
    if layout == "delimited" and not delimiter:
        # How its cells are to be parted nobody has said yet.
        return block
    if layout != block.layout and layout not in ("indicator", "ranked"):
        # Whatever its neighbours are, one column is read.
        column = next(column for column in block.variables if column.name == row["variable"])
        block = replace(block, variables=(column,), layout=layout)
    return replace(block, delimiter=delimiter)


@dataclass(frozen=True)
class DraftedCategories:
    """Rows of the categories seed as the labels of a file name them, and the label of the question there; labels stand in
    `label`, the column of the language in which the file seems to be written."""

    rows: tuple[dict[str, str], ...]
    label: str
    question_label: str
    layout: str


def drafted_categories(
    sample: Row, profile: FileProfile, history: History, variable: str, category_set: str
) -> DraftedCategories:
    """The categories of a new set from the labels of a column's codes, of indicator columns from their own, in the order of the
    file. Where no code has a label the texts in the column are the answers; where it holds numbers alone there are none."""
    block = _block_of(sample, profile, variable)
    label = _language(profile, history)
    known = _known_categories(history)
    rows: list[dict[str, str]] = []
    names: set[str] = set()
    for number, text in enumerate(_answers(block), start=1):
        category_id, missing_type = known.get(plain(text), ("", ""))
        category_id = category_id or _slug(text) or f"answer_{number}"
        if category_id in names:
            category_id = f"{category_id}_{number}"
        names.add(category_id)
        rows.append(
            {
                "category_set": category_set,
                "category_id": category_id,
                "missing_type": missing_type,
                label: text,
            }
        )
    position = 0
    for row in rows:
        if not row["missing_type"]:
            position += 1
            row["position"] = str(position)
    question_label = question_words(shared_label(block.variables))
    rows.sort(key=lambda row: row["missing_type"] != "")
    return DraftedCategories(tuple(rows), label, question_label, block.layout)


def _answers(block: Block) -> list[str]:
    """The words of the answers in the order of their codes, each once."""
    if block.layout == "indicator":
        labels = [column.label or "" for column in block.variables]
        start = len(shared_start(labels)) if len(labels) > 1 else 0
        texts: Iterable[str] = (label[start:].strip(MARKS) for label in labels)
    else:
        labelled = block.code_labels or {
            code: code for code in block.codes if code != BLANK and not WHOLE_NUMBER.fullmatch(code)
        }
        texts = (labelled[code] for code in sorted(labelled, key=_code_order))
    return list(dict.fromkeys(LEADING_NUMBER.sub("", text).strip() for text in texts if text.strip()))


def _code_order(code: str) -> tuple[bool, int, str]:
    key = code_key(code)
    return (not key.isdecimal(), int(key) if key.isdecimal() else 0, code)


def _slug(text: str) -> str:
    """An identifier of Latin letters; '' for a text in another script."""
    if not text.isascii():
        return ""
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return slug if slug[:1].isalpha() else ""


def _known_categories(history: History) -> dict[str, tuple[str, str]]:
    """plain label -> (category_id, missing_type) as most sets have it."""
    votes: dict[str, Counter[tuple[str, str]]] = {}
    for category_set, categories in history.categories.items():
        for category_id, row in categories.items():
            # What an indicator column calls its two codes is no answer of a set.
            if category_set == "reserved" and not row["missing_type"]:
                continue
            for name in label_columns(row):
                votes.setdefault(plain(row[name]), Counter())[category_id, row["missing_type"]] += 1
    return {text: counts.most_common(1)[0][0] for text, counts in votes.items() if text}


def _language(profile: FileProfile, history: History) -> str:
    """The column of labels in whose language most of the file's labels stand; the first one where none is."""
    of_language: dict[str, set[str]] = {}
    for categories in history.categories.values():
        for row in categories.values():
            for name in label_columns(row):
                of_language.setdefault(name, set()).add(plain(row[name]))
    texts = [
        plain(text)
        for variable in profile.variables
        for text in (variable.value_labels.values() or variable.counts)
    ]
    return max(of_language, key=lambda name: sum(text in of_language[name] for text in texts if text))
