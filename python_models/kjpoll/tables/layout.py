"""The rows and columns of a table of models, in printed order, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kjpoll.tables import notes, numbers
from kjpoll.tables.table_error import TableError
from kjpoll.tables.table_labels import Labels
from kjpoll.tables.warehouse import BETWEEN_SERIES, Record, ReleasedModels, waves
from kjpoll.tables.words import Words

FIT_STATISTICS = (
    ("pseudo_r2", numbers.estimate),
    ("log_likelihood", numbers.information),
    ("aic", numbers.information),
    ("bic", numbers.information),
)


@dataclass(frozen=True)
class Cell:
    """One model's entry: the printed estimate (or statistic), its stars, its t statistic in parentheses."""

    estimate: str = ""
    stars: str = ""
    statistic: str = ""


@dataclass(frozen=True)
class Row:
    """One row. kind: heading (of a categorical term), term, level, cut_point or statistic; cells in model order."""

    kind: str
    term: str
    category_id: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table to render. `name` is what it was asked by; `number` that of a printed table, else empty."""

    name: str
    number: str
    heading: str
    title: str
    language: str
    models: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def full_title(self) -> str:
        return f"{self.heading}. {self.title}" if self.heading else self.title

    def starts_block(self, position: int) -> bool:
        """Whether a rule stands above this row: before the cut points and before N."""
        return (
            position > 0
            and self.rows[position].kind != self.rows[position - 1].kind
            and self.rows[position].kind in ("cut_point", "statistic")
        )


def arrange(
    source: ReleasedModels,
    name: str,
    *,
    language: str | None = None,
    fit_statistics: bool = False,
    favourability: bool = False,
) -> Table:
    """The table called `name` (see Source.select); TableError if there is none, or no labels in the language.

    language: None for the first that the warehouse has labels in.
    favourability: signs reversed, so that a positive coefficient goes with the outcome's first answers.
    """
    # As the columns of labels are called: zh-Hant is label_zh_hant.
    language = (language or source.languages[0]).lower().replace("-", "_")
    if language not in source.languages:
        raise TableError(
            f"{source.path} has no labels in the language {language!r}; choose one of {', '.join(source.languages)}"
        )
    words = Words(language)
    labels = Labels(source, words)
    models = source.select(name)
    terms = [
        _reversed(rows) if favourability else rows
        for rows in (source.terms.get(model["model_id"], []) for model in models)
    ]
    printed = name in source.names()
    columns = tuple(f"({model['model'] if printed else number})" for number, model in enumerate(models, 1))
    rows = [*_term_rows(terms, labels), *_cut_points(terms)]
    samples = [
        ", ".join(f"{series}-{waves(model)}" for series in model["series"].split(BETWEEN_SERIES))
        for model in models
    ]
    if len(set(samples)) > 1:
        rows.append(Row("statistic", "sample_id", "", words("sample"), tuple(map(Cell, samples))))
    rows.append(
        Row(
            "statistic",
            "n_obs",
            "",
            words("n_obs"),
            tuple(Cell("" if model["n_obs"] is None else str(model["n_obs"])) for model in models),
        )
    )
    rows.append(Row("statistic", "share", "", words("share"), tuple(Cell(_share(model)) for model in models)))
    if fit_statistics:
        rows += [
            Row("statistic", key, "", words(key), tuple(Cell(form(model[key])) for model in models))
            for key, form in FIT_STATISTICS
        ]
    return Table(
        name=name,
        number=name if printed else "",
        heading=words("table", name) if printed else "",
        title=labels.title(models),
        language=language,
        models=columns,
        rows=tuple(rows),
        notes=tuple(
            notes.write(source, models, terms, columns, labels, printed=printed, favourability=favourability)
        ),
    )


def _reversed(rows: Sequence[Record]) -> list[Record]:
    """The same model of the outcome counted from its other end: P(y' <= j) = 1 - P(y <= k - j)."""
    n_cuts = sum(row["kind"] == "cut_point" for row in rows)
    turned = [
        {
            **row,
            "estimate": _negative(row["estimate"]),
            "statistic": _negative(row["statistic"]),
            "cut_point": None if row["cut_point"] is None else n_cuts + 1 - row["cut_point"],
        }
        for row in rows
    ]
    cuts = [row["term"] for row in turned if row["kind"] == "cut_point"]
    last_first = iter([row for row in turned if row["kind"] == "cut_point"][::-1])
    names = iter(cuts)
    return [
        {**next(last_first), "term": next(names)} if row["kind"] == "cut_point" else row for row in turned
    ]


def _share(model: Record) -> str:
    """How many of the respondents of its samples the model has, in percent."""
    if model["n_obs"] is None or not model["n_sample"]:
        return ""
    return numbers.percent(100 * model["n_obs"] / model["n_sample"])


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def _term_rows(models: Sequence[Sequence[Record]], labels: Labels) -> list[Row]:
    coefficients = [[row for row in rows if row["kind"] == "coefficient"] for rows in models]
    rows: list[Row] = []
    for term in _merged([[row["term"] for row in model] for model in coefficients]):
        of_term = [[row for row in model if row["term"] == term] for model in coefficients]
        places = {(row["category_id"], row["cut_point"]) for model in of_term for row in model}
        if places == {(None, None)}:
            rows.append(Row("term", term, "", labels.question(term), _cells(of_term, None)))
            continue
        rows.append(Row("heading", term, "", labels.question(term), (Cell(),) * len(models)))
        rows += [
            Row("level", term, level or "", labels.coefficient(term, level, cut), _cells(of_term, level, cut))
            for level in labels.in_order(term, {level for level, _ in places})
            for cut in sorted((cut for at, cut in places if at == level), key=lambda cut: cut or 0)
        ]
    return rows


def _cut_points(models: Sequence[Sequence[Record]]) -> list[Row]:
    cuts = [[row for row in rows if row["kind"] == "cut_point"] for rows in models]
    return [
        Row(
            "cut_point",
            term,
            "",
            term,
            _cells([[row for row in model if row["term"] == term] for model in cuts], None),
        )
        for term in _merged([[row["term"] for row in model] for model in cuts])
    ]


def _cells(
    models: Sequence[Sequence[Record]], level: str | None, cut_point: int | None = None
) -> tuple[Cell, ...]:
    cells = []
    for rows in models:
        row = next((r for r in rows if (r["category_id"], r["cut_point"]) == (level, cut_point)), None)
        cells.append(
            Cell()
            if row is None
            else Cell(
                numbers.estimate(row["estimate"]), row["stars"] or "", numbers.statistic(row["statistic"])
            )
        )
    return tuple(cells)


def _merged(sequences: Sequence[Sequence[str]]) -> list[str]:
    """One order of all names: names that a sequence adds stand before its next known name, else at the end."""
    order: list[str] = []
    for sequence in sequences:
        known = set(order)
        position = len(order)
        for name in reversed(list(dict.fromkeys(sequence))):
            if name in known:
                position = order.index(name)
            else:
                order.insert(position, name)
    return order
