"""The page: an overview, a page for each block and for the row of the sample, and the last step, which writes."""

from __future__ import annotations

import functools
from collections.abc import Callable

import flask
import jinja2
from werkzeug.exceptions import HTTPException

from kjpoll.common.languages import languages
from kjpoll.common.seed_file import SeedError
from kjpoll.landing import LandingError
from kjpoll.onboarding.page import decision_forms
from kjpoll.onboarding.page.access import guard
from kjpoll.onboarding.page.block_detail import codes_of, columns_of, not_compared, shares_of
from kjpoll.onboarding.page.choices import block_fields, category_options, sample_fields
from kjpoll.onboarding.page.pending_decisions import ChangedMeanwhileError, Step
from kjpoll.onboarding.page.reviewing import Reviewing
from kjpoll.onboarding.page.wave_blocks import GROUPS, ReviewBlock, WaveView
from kjpoll.onboarding.review.review_error import ReviewError

FAULTS = (ReviewError, SeedError, LandingError, OSError)
# A form holds a few hundred short cells.
LARGEST_FORM = 1_000_000


def create_app(reviewing: Reviewing, token: str, port: int) -> flask.Flask:
    """The page for one sample, served on `port` under /<token>/."""
    app = flask.Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.jinja_options = {
        "autoescape": True,
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    guard(app, token, port)
    pages = flask.Blueprint("review", __name__, url_prefix="/<token>")

    @app.url_defaults
    def with_token(endpoint: str, values: dict[str, object]) -> None:
        if endpoint.startswith("review."):
            values["token"] = token

    page = functools.partial(_page, reviewing)

    @pages.get("/")
    def overview() -> str:
        sought = flask.request.args.get("q", "").strip()
        return page("overview.html.j2", reviewing.view(), sought=sought)

    @pages.get("/block/<int:number>")
    def block(number: int) -> str:
        view = reviewing.view()
        return _block_page(reviewing, view, _block(view, number))

    @pages.post("/block/<int:number>/<action>")
    def decide(number: int, action: str) -> flask.typing.ResponseReturnValue:
        # Of a form that was made from something else nothing is read.
        view, form = reviewing.view_as_seen(_seen()), flask.request.form
        shown = _block(view, number)
        steps: dict[str, Callable[[], Step]] = {
            "accept": lambda: decision_forms.accepted(shown),
            "ignore": lambda: decision_forms.ignored(shown, form),
            "correct": lambda: decision_forms.corrected(view, shown, form, accept="accept" in form),
        }
        try:
            if action == "leave":
                reviewing.store.leave_open(_seen(), shown.variables)
            elif action in steps:
                reviewing.store.add(_seen(), [steps[action]()])
            else:
                flask.abort(404)
        except ChangedMeanwhileError:
            raise
        except ReviewError as error:
            return _block_page(reviewing, view, shown, fault=str(error), form=form), 422
        if action == "correct" and "accept" not in form:
            return flask.redirect(flask.url_for("review.block", number=number), 303)
        return _next(reviewing, view.from_next_on(shown))

    @pages.post("/sure")
    def sure() -> flask.typing.ResponseReturnValue:
        reviewing.store.add(_seen(), decision_forms.all_sure(reviewing.view_as_seen(_seen())))
        return flask.redirect(flask.url_for("review.overview"), 303)

    @pages.get("/sample")
    def sample() -> str:
        return _sample_page(reviewing)

    @pages.post("/sample")
    def decide_sample() -> flask.typing.ResponseReturnValue:
        view, form = reviewing.view_as_seen(_seen()), flask.request.form
        try:
            step = decision_forms.of_sample(view, form, accept="accept" in form)
            reviewing.store.add(_seen(), [step])
        except ChangedMeanwhileError:
            raise
        except ReviewError as error:
            return _sample_page(reviewing, fault=str(error), form=form), 422
        return flask.redirect(
            flask.url_for("review.sample" if "accept" not in form else "review.last_step"), 303
        )

    @pages.get("/write")
    def last_step() -> str:
        view = reviewing.view()
        why = not_compared(view, reviewing.profiles())
        return page(
            "write.html.j2",
            view,
            diffs=reviewing.store.diffs(view.pending),
            written=reviewing.written,
            why=why,
        )

    @pages.post("/write")
    def write() -> flask.typing.ResponseReturnValue:
        reviewing.write(_seen())
        return flask.redirect(flask.url_for("review.last_step"), 303)

    @pages.post("/back/<int:number>")
    def take_back(number: int) -> flask.typing.ResponseReturnValue:
        reviewing.store.take_back(_seen(), number)
        return flask.redirect(flask.url_for("review.last_step"), 303)

    @pages.post("/discard")
    def discard() -> flask.typing.ResponseReturnValue:
        reviewing.store.discard(_seen())
        return flask.redirect(flask.url_for("review.overview"), 303)

    @app.errorhandler(ChangedMeanwhileError)
    def changed(error: ChangedMeanwhileError) -> tuple[str, int]:
        return _fault_page(str(error), "Changed meanwhile"), 409

    def fault(error: Exception) -> tuple[str, int]:
        return _fault_page(str(error), "This cannot be done"), 422

    for kind in FAULTS:
        app.register_error_handler(kind, fault)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        return _fault_page(error.description or error.name, error.name), error.code or 500

    app.register_blueprint(pages)
    return app


def _seen() -> str:
    return flask.request.form.get("seen", "")


def _block(view: WaveView, number: int) -> ReviewBlock:
    found = view.block(number)
    if found is None:
        flask.abort(404, "This sample has no such column; go back to the overview.")
    return found


def _next(reviewing: Reviewing, numbers: list[int]) -> flask.typing.ResponseReturnValue:
    """To the first of these blocks that nobody has decided, else to the row of the sample.

    `numbers` are in the order that the person saw: what was decided may stand in another group now.
    """
    view = reviewing.view()
    if following := view.first_undecided(numbers):
        return flask.redirect(flask.url_for("review.block", number=following.number), 303)
    is_open = view.sample_state == "undecided"
    return flask.redirect(flask.url_for("review.sample" if is_open else "review.last_step"), 303)


def _page(reviewing: Reviewing, template: str, view: WaveView, **more: object) -> str:
    seeds = reviewing.root / "dbt_project" / "seeds"
    return flask.render_template(
        template, view=view, pending=view.pending, survey=view.pending.survey, groups=GROUPS,
        languages=languages(seeds), name_of=decision_forms.name_of, short=decision_forms.short, **more,
    )  # fmt: skip


def _block_page(
    reviewing: Reviewing,
    view: WaveView,
    block: ReviewBlock,
    fault: str = "",
    form: decision_forms.Form | None = None,
) -> str:
    survey, asked = view.pending.survey, flask.request.args
    # A form that asks for the code lists of another question comes back as it was filled in.
    filled = form if form is not None else asked if "seen" in asked else {}
    question_id = filled.get("question_id") or asked.get("question_id")
    if question_id not in survey.questions:
        question_id = None
    codes, rarer = codes_of(view, block)
    only = asked.get("column", "")
    return _page(
        reviewing, "block.html.j2", view, block=block, columns=columns_of(view, block), codes=codes, rarer=rarer,
        shares=shares_of(view, reviewing.profiles(), block), fields=block_fields(survey, block, question_id),
        category_choices=category_options(survey, question_id or block.question_id), fault=fault, form=filled,
        only=only, is_editing=bool(only) or question_id is not None or "role" in filled,
    )  # fmt: skip


def _sample_page(reviewing: Reviewing, fault: str = "", form: decision_forms.Form | None = None) -> str:
    view = reviewing.view()
    fields, reading = sample_fields(view.pending.survey, view.report.sample)
    return _page(
        reviewing, "sample.html.j2", view, fields=fields, reading=reading, fault=fault, form=form or {}
    )


def _fault_page(what: str, title: str) -> str:
    """What went wrong, and what the person had entered, which is not lost."""
    entered = [(name, value) for name, value in flask.request.form.items() if name != "seen" and value]
    return flask.render_template("fault.html.j2", what=what, title=title, entered=entered)
