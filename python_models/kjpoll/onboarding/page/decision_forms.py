"""From what a person sent by a form to steps that are pending: decisions as the command line has them."""

from __future__ import annotations

from collections.abc import Mapping

from kjpoll.onboarding.page.block_detail import codes_of
from kjpoll.onboarding.page.choices import AS_IT_IS, OF_A_BLOCK
from kjpoll.onboarding.page.pending_decisions import Step
from kjpoll.onboarding.page.wave_blocks import ReviewBlock, WaveView
from kjpoll.onboarding.review.decisions import Decision
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Row

Form = Mapping[str, str]


def accepted(block: ReviewBlock) -> Step:
    """Accept what is proposed of a block. Raises ReviewError where nothing of it is."""
    names = tuple(row["variable"] for row in _proposed(block))
    return Step(f"accept {name_of(block)}", names, (Decision(variables=names),))


def all_sure(view: WaveView) -> list[Step]:
    """Accept the blocks that are sure and unchanged and that nobody left open, each as a step of its own."""
    steps = [accepted(block) for block in view.groups.get("sure", ()) if block.state == "undecided"]
    if not steps:
        raise ReviewError("no column that is sure and unchanged waits any more")
    return steps


def ignored(block: ReviewBlock, form: Form) -> Step:
    """Ignore the columns of a block, for the reason that the form gives, and accept that."""
    note = form.get("note", "").strip()
    if not note:
        raise ReviewError("say in the note why the column is to be ignored")
    rows = _proposed(block)
    settings = {"role": "ignored", "note": note}
    decisions = tuple(
        Decision(variables=(row["variable"],), corrected_variable=row["variable"], settings=settings)
        for row in rows
    )
    return Step(f"ignore {name_of(block)}: {note}", tuple(row["variable"] for row in rows), decisions)


def corrected(view: WaveView, block: ReviewBlock, form: Form, *, accept: bool) -> Step:
    """Correct the columns that are ticked, and what their codes mean; with `accept`, accept these columns too.

    Raises ReviewError where the form changes nothing.
    """
    numbers = {
        row["variable"]: number
        for number, row in enumerate(view.pending.survey.rows_of(view.report.sample_id))
    }
    rows = [row for row in _proposed(block) if f"column-{numbers[row['variable']]}" in form]
    if not rows:
        raise ReviewError("tick the columns that are to be corrected")
    names = tuple(row["variable"] for row in rows)
    decisions = []
    for row in rows:
        if settings := _settings(row, form, f"category-{numbers[row['variable']]}"):
            decisions.append(Decision(corrected_variable=row["variable"], settings=settings))
    lists = {row["code_list"] for row in rows}
    codes = [
        (code.code_list, code.code, category_id)
        for number, code in enumerate(codes_of(view, block)[0])
        if code.can_be_given
        and code.code_list in lists
        and (category_id := form.get(f"code-{number}", ""))
        and (category_id,) != code.means
    ]
    if codes:
        decisions.append(Decision(codes=codes))
    if not decisions:
        raise ReviewError("nothing in the form differs from what stands there; to agree with it, accept it")
    if accept:
        decisions.append(Decision(variables=names))
    words = "correct and accept" if accept else "correct"
    return Step(
        f"{words} {name_of(block) if len(rows) == len(block.rows) else short(names)}", names, tuple(decisions)
    )


def of_sample(view: WaveView, form: Form, *, accept: bool) -> Step:
    """Correct the row of samples, and accept it with `accept`. Raises ReviewError where the form changes nothing."""
    sample = view.report.sample
    settings = {
        name: form[name].strip()
        for name in view.pending.survey.samples.header
        if name in form and form[name].strip() != sample[name]
    }
    decisions = [Decision(settings=settings)] if settings else []
    if accept:
        decisions.append(Decision(accept_sample=True))
    if not decisions:
        raise ReviewError("nothing in the form differs from what stands there; to agree with it, accept it")
    words = " and ".join([*(["correct"] if settings else []), *(["accept"] if accept else [])])
    return Step(f"{words} the row of {view.report.sample_id} in survey/samples.csv", (), tuple(decisions))


def name_of(block: ReviewBlock) -> str:
    """What a block is called in a sentence."""
    columns = short(block.variables)
    return f"{block.question_id} ({columns})" if block.question_id else columns


def short(names: tuple[str, ...]) -> str:
    """Some names, or the first and the last of many."""
    return ", ".join(names) if len(names) < 3 else f"{names[0]} to {names[-1]}, {len(names)} columns"


def _proposed(block: ReviewBlock) -> list[Row]:
    rows = [row for row in block.rows if row["review"] == "proposed"]
    if not rows:
        raise ReviewError(f"{name_of(block)}: it is decided; leave it open first to decide it again")
    return rows


def _settings(row: Row, form: Form, category_field: str) -> dict[str, str]:
    # A delimiter may be a space.
    given = {
        name: form[name] if name == "delimiter" else form[name].strip() for name in OF_A_BLOCK if name in form
    }
    sent = {name: value for name, value in given.items() if value != AS_IT_IS}
    if category_field in form:
        sent["category_id"] = form[category_field]
    if sent.get("layout", row["layout"]) != "indicator":
        sent["category_id"] = ""
    if sent.get("role", row["role"]) != "answer":
        # What only an answer has is emptied with the role; the form still has it as it was.
        sent = {name: value for name, value in sent.items() if name in ("role", "note")}
    return {name: value for name, value in sent.items() if value != row[name]}
