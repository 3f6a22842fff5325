"""Public surveys as pseudo-waves: random parts of the respondents, countries, and for one of them real waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml
from kjpoll.checks.series.columns import columns_of
from kjpoll.checks.series.findings import _published_shares
from kjpoll.checks.series.series_evidence import SeriesEvidence

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "regression" / "fixtures"
AGES = [0, 30, 40, 50, 60, 70, 120]
DESIGN_EFFECT = 1.5
USUAL_MOVEMENT = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text())["vars"][
    "usual_movement"
]
PROFILE = ("sample_id", "variable", "code", "anchor", "n", "total", "total_of_squares")


def is_one_run(rows: np.ndarray) -> bool:
    """Whether they follow each other without a gap."""
    return rows.size == 0 or bool(rows[-1] - rows[0] + 1 == rows.size)


@dataclass
class Survey:
    """Samples with their records: of each the code and the position of every single answer, a column a variable.

    counts: as int_series_count. anchors: sample -> variables.
    """

    name: str
    counts: pd.DataFrame
    codes: Mapping[str, pd.DataFrame]
    positions: Mapping[str, pd.DataFrame]
    questions: Mapping[tuple[str, str], str]
    anchors: Mapping[str, Sequence[str]]
    design_effects: Mapping[str, float]
    published: pd.DataFrame | None = None
    _profiles: dict[str, pd.DataFrame] = field(default_factory=dict)

    def profiles(self, sample_id: str) -> pd.DataFrame:
        """int_series_profile of a sample."""
        if sample_id not in self._profiles:
            codes, anchors = self.codes[sample_id], list(self.anchors[sample_id])
            positions = self.positions[sample_id][anchors].to_numpy(float)
            known = ~np.isnan(positions)
            positions = np.where(known, positions, 0.0)
            rows = []
            for variable in codes:
                names = [
                    code
                    for code in codes[variable].dropna().unique()
                    if (sample_id, variable, code) not in self.missing
                ]
                if not names:
                    continue
                is_code = (
                    (codes[variable].to_numpy(object)[:, None] == np.array(names, object)).astype(float).T
                )
                sums = (is_code @ known, is_code @ positions, is_code @ positions**2)
                for at, anchor in enumerate(anchors):
                    if anchor != variable:
                        question = self.questions[sample_id, anchor]
                        columns = (total[:, at] for total in sums)
                        rows += [
                            (sample_id, variable, *row[:1], question, *row[1:])
                            for row in zip(names, *columns, strict=True)
                        ]
            frame = pd.DataFrame(rows, columns=list(PROFILE))
            self._profiles[sample_id] = frame[frame["n"] > 0]
        return self._profiles[sample_id]

    @cached_property
    def missing(self) -> set[tuple[str, str, str]]:
        """Sample, variable and code of what is no substantive answer."""
        rows = self.counts[self.counts["missing_type"].notna()]
        return set(zip(rows["sample_id"], rows["variable"], rows["code"], strict=True))

    def evidence(self) -> SeriesEvidence:
        """What the series rules read."""
        profiles = pd.concat([self.profiles(sample_id) for sample_id in self.codes])
        published = {} if self.published is None else _published_shares(self.published)
        return SeriesEvidence(
            columns_of(self.counts, profiles), self.design_effects, published, USUAL_MOVEMENT / 100
        )

    def reordered(self, rows: Mapping[str, Mapping[str, np.ndarray]]) -> Survey:
        """The survey with the rows of some columns in another order: sample -> variable -> rows."""
        codes, positions = dict(self.codes), dict(self.positions)
        for sample_id, orders in rows.items():
            for frames in (codes, positions):
                moved = {name: frames[sample_id][name].to_numpy()[order] for name, order in orders.items()}
                frames[sample_id] = frames[sample_id].assign(**moved)
        counts = self.counts.copy()
        for sample_id, orders in rows.items():
            for name in orders:
                here = (counts["sample_id"] == sample_id) & (counts["variable"] == name)
                counts.loc[here, "is_one_run"] = [
                    is_one_run(np.flatnonzero(codes[sample_id][name].to_numpy(object) == code))
                    for code in counts.loc[here, "code"]
                ]
        return self._with(codes, positions, counts, rows)

    def recoded(self, sample_id: str, variable: str, first: str, second: str) -> Survey:
        """The survey with two codes of a column exchanged."""
        change = {first: second, second: first}
        here = (self.counts["sample_id"] == sample_id) & (self.counts["variable"] == variable)
        column = self.counts[here].set_index("code")
        counts = self.counts.copy()
        counts.loc[here, "n"] = [column["n"][change.get(code, code)] for code in column.index]
        new = self.codes[sample_id][variable].map(lambda code: change.get(code, code))
        codes = {**self.codes, sample_id: self.codes[sample_id].assign(**{variable: new})}
        places = new.map(column["position"])
        positions = {**self.positions, sample_id: self.positions[sample_id].assign(**{variable: places})}
        return self._with(codes, positions, counts, [sample_id])

    def _with(self, codes, positions, counts, changed) -> Survey:
        profiles = {name: frame for name, frame in self._profiles.items() if name not in changed}
        return replace(self, codes=codes, positions=positions, counts=counts, _profiles=profiles)


def of_frames(
    name: str, waves: Sequence[pd.DataFrame], ordinal: Sequence[str], nominal: Sequence[str] = ()
) -> Survey:
    """A survey of one country, whose waves ask the same; every ordinal question is an anchor."""
    variables = [*ordinal, *nominal]
    values = {
        variable: np.sort(pd.concat([wave[variable] for wave in waves]).dropna().unique())
        for variable in variables
    }
    codes, positions, counts = {}, {}, []
    for number, wave in enumerate(waves):
        sample_id = f"PUB-{2001 + number}"
        places = {
            variable: {value: at for at, value in enumerate(values[variable], 1)} for variable in variables
        }
        positions[sample_id] = pd.DataFrame(
            {name: wave[name].map(places[name]) for name in variables}
        ).astype(float)
        codes[sample_id] = (
            positions[sample_id].map(lambda at: np.nan if np.isnan(at) else str(int(at))).astype(object)
        )
        counts += [
            {"sample_id": sample_id, "wave": 2001 + number, "series": "PUB", "question_id": variable,
             "answer_type": "ordinal" if variable in ordinal else "nominal", "variable": variable, "column_position": column,
             "layout": "single", "part": "", "topic": "", "is_one_run": False, "code_list": variable, "comparability": "identical", "referent": "", "code": str(at),
             "category_id": f"{variable}_{at}", "position": at, "missing_type": None, "is_substantive": True,
             "n": int((positions[sample_id][variable] == at).sum())}
            for column, variable in enumerate(variables)
            for at in places[variable].values()
        ]  # fmt: skip
    return Survey(
        name, pd.DataFrame(counts), codes, positions,
        {(sample_id, variable): variable for sample_id in codes for variable in variables},
        {sample_id: list(ordinal) for sample_id in codes}, dict.fromkeys(codes, DESIGN_EFFECT),
    )  # fmt: skip


def parts(frame: pd.DataFrame, number: int, seed: int) -> list[pd.DataFrame]:
    """The respondents in so many random parts."""
    part = np.random.default_rng(seed).permutation(len(frame)) % number
    return [frame[part == at].reset_index(drop=True) for at in range(number)]


def groups(frame: pd.DataFrame, by: str) -> list[pd.DataFrame]:
    return [group.reset_index(drop=True) for _, group in frame.groupby(by)]


def public_surveys(seed: int = 1) -> list[Survey]:
    """BEPS, ANES 1996 and the Redbook survey (Fair 1978) in random parts; WVS by country; GSS by year."""
    beps = pd.read_csv(FIXTURES / "beps.csv")
    beps["age"] = pd.cut(beps["age"], AGES, labels=False)
    scales = ["age", "economic.cond.national", "economic.cond.household", "Blair", "Hague", "Kennedy", "Europe", "political.knowledge"]  # fmt: skip
    anes = sm.datasets.anes96.load_pandas().data
    anes["age"] = pd.cut(anes["age"], AGES, labels=False)
    anes["income"] = pd.qcut(anes["income"], 5, labels=False)
    fair = sm.datasets.fair.load_pandas().data
    fair["affair"] = fair["affairs"] > 0
    wvs = pd.read_csv(FIXTURES / "wvs.csv")
    wvs["poverty"] = wvs["poverty"].map({"Too Little": 0, "About Right": 1, "Too Much": 2})
    wvs["age"] = pd.cut(wvs["age"], AGES, labels=False)
    gss = pd.read_csv(ROOT / "benchmarks" / "data" / "gss_vocabulary.csv")
    # The counts have lost the order of the respondents: a random one stands for it.
    gss = gss.loc[gss.index.repeat(gss["n"])].sample(frac=1, random_state=seed)
    gss["education"] = gss["education"].clip(lower=8, upper=18)
    return [
        of_frames("BEPS, halves", parts(beps, 2, seed), scales, ["vote", "gender"]),
        of_frames("BEPS, thirds", parts(beps, 3, seed), scales, ["vote", "gender"]),
        of_frames("ANES 1996, halves", parts(anes, 2, seed),
                  ["TVnews", "selfLR", "ClinLR", "DoleLR", "PID", "age", "educ", "income"], ["vote"]),
        of_frames("Redbook 1974, sixths", parts(fair, 6, seed),
                  ["rate_marriage", "age", "yrs_married", "children", "religious", "educ", "occupation"],
                  ["occupation_husb", "affair"]),
        of_frames("WVS, countries", groups(wvs, "country"), ["poverty", "age"], ["religion", "degree", "gender"]),
        of_frames("GSS, years", groups(gss, "year"), ["education", "vocabulary"], ["sex"]),
    ]  # fmt: skip
