"""What the raw files of the made-up survey say, read with pandas alone: neither the engine nor the seeds are asked.

`answers` has one row per respondent, question and answer: of a question with several choices one for each, of one that was
asked and not answered one with the kind of silence, and none where somebody was not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

RAW = Path(__file__).parent / "raw"
TRUST = ("trust_parliament", "trust_courts", "trust_police", "trust_press")
MEDIA = ("paper", "radio", "tv", "web", "none")
VEHICLES = ("car", "bus", "train", "bicycle", "none")
SILENCES = ("dont_know", "no_answer")
# The year, of which age is counted from a year of birth.
YEARS = {"D1": 2021, "D2": 2022, "F2web": 2022}
BANDS = {"age_18_34": range(18, 35), "age_35_54": range(35, 55), "age_55_plus": range(55, 111)}

SEX = {1: "man", 2: "woman", 9: "no_answer"}
SCHOOL = {1: "primary", 2: "secondary", 3: "higher", 9: "no_answer"}
PLACE = {1: "city", 2: "town", 3: "village"}
SEASON = {1: "spring", 2: "summer", 3: "autumn", 4: "winter"}
WORRY = {1: "prices", 2: "climate", 3: "health", 4: "security", 5: "other"}
LADDER = {step: f"step_{step}" for step in range(11)}
FULL_FIRST = {1: "full", 2: "some", 3: "little", 4: "none"}
FULL_LAST = {1: "none", 2: "little", 3: "some", 4: "full"}
DIRECTION = {1: "right_way", 2: "neither", 3: "wrong_way"}
YES_NO = {1: "yes", 2: "no"}
TAX = {1: "for", 2: "against", 8: "dont_know", 98: "dont_know"}
OF_8, OF_98, OF_TAGS = (
    {code: name for code, name in zip(codes, SILENCES, strict=True)} for codes in ((8, 9), (98, 99), "ab")
)
POSITIONS = {"full": 1, "some": 2, "little": 3, "none": 4}


@cache
def raw(sample_id: str) -> pd.DataFrame:
    """The cells of a file, a row for each respondent in the order of the file."""
    first, second = RAW / "vague1", RAW / "vague2"
    if sample_id == "F1":
        return pd.read_csv(first / "france.csv", sep=";", encoding="cp1252", skiprows=2)
    if sample_id == "F2":
        return pd.read_csv(second / "france.csv", encoding="utf-8-sig")
    if sample_id == "F2web":
        return pd.read_excel(second / "france_en_ligne.xlsx", sheet_name="réponses", skiprows=1)
    if sample_id == "P2":
        return pd.read_excel(second / "polska.xlsx", sheet_name="dane", keep_default_na=False)
    if sample_id == "P1":
        return pyreadstat.read_dta(first / "polska.dta", user_missing=True)[0]
    return pyreadstat.read_sav({"D1": first, "D2": second}[sample_id] / "deutschland.sav", user_missing=True)[
        0
    ]


SAMPLES = {"D1": 180, "D2": 200, "F1": 220, "F2": 240, "F2web": 160, "P1": 200, "P2": 240}


def singles(sample_id: str) -> dict[str, tuple[str, Mapping[Any, str]]]:
    """Question -> column, and what its codes mean; a code that is left out is that of somebody who was not asked."""
    if sample_id in ("F1", "F2"):
        questions = {
            "gender": ("SEXE", SEX), "schooling": ("DIPLÔME", SCHOOL), "place": ("COMMUNE", PLACE),
            **{item: (f"Q1_{at}", FULL_FIRST | OF_8) for at, item in enumerate(TRUST, start=1)},
            "country_direction": ("Q2", DIRECTION | OF_8), "life_ladder": ("Q3", LADDER), "main_worry": ("Q4", WORRY | OF_8),
            "favourite_season": ("Q5", SEASON), "reads_news": ("Q6", YES_NO),
        }  # fmt: skip
        return questions | (
            {"carbon_tax_short": ("Q9A", TAX), "carbon_tax_long": ("Q9B", TAX)} if sample_id == "F2" else {}
        )
    if sample_id == "F2web":
        unsaid = {"sans opinion": "dont_know", "refus": "no_answer"}
        trust = {
            "tout à fait": "full",
            "plutôt": "some",
            "plutôt pas": "little",
            "pas du tout": "none",
        } | unsaid
        items = ("confiance_parl", "confiance_cour", "confiance_poli", "confiance_pres")
        return {
            "gender": ("sexe", {"homme": "man", "femme": "woman"} | unsaid), "schooling": ("diplôme", SCHOOL),
            **{item: (column, trust) for item, column in zip(TRUST, items, strict=True)},
            "country_direction": ("direction", {"bonne": "right_way", "ni l'une ni l'autre": "neither", "mauvaise": "wrong_way"} | unsaid),
            "life_ladder": ("échelle", LADDER),
            "main_worry": ("souci", {"prix": "prices", "climat": "climate", "santé": "health", "sécurité": "security", "autre": "other"} | unsaid),
            "favourite_season": ("saison", {"printemps": "spring", "été": "summer", "automne": "autumn", "hiver": "winter"}),
            "reads_news": ("actualité", {"oui": "yes", "non": "no"}),
        }  # fmt: skip
    if sample_id in ("D1", "D2"):
        questions = {
            "gender": ("GESCHL", SEX), "schooling": ("SCHULE", SCHOOL),
            **{item: (f"F1{'ABCD'[at]}", FULL_LAST | OF_98) for at, item in enumerate(TRUST)},
            "country_direction": ("F2", DIRECTION | OF_98), "life_ladder": ("F3", LADDER), "main_worry": ("F4", WORRY | OF_98),
            "favourite_season": ("F5", SEASON), "reads_news": ("F6", YES_NO),
        }  # fmt: skip
        return questions | ({"carbon_tax_short": ("F10", TAX)} if sample_id == "D2" else {})
    unsaid = OF_TAGS if sample_id == "P1" else OF_98
    return {
        "gender": ("PLEC", SEX), "schooling": ("SZKOLA", SCHOOL), "place": ("MIEJSCE", PLACE),
        "age_band": ("WIEK", dict(enumerate(BANDS, start=1))),
        **{item: (f"P1_{at}", FULL_FIRST | unsaid) for at, item in enumerate(TRUST, start=1)},
        "country_direction": ("P2", DIRECTION | unsaid), "life_ladder": ("P3", LADDER), "main_worry": ("P4", WORRY | unsaid),
        "favourite_season": ("P5", SEASON), "reads_news": ("P6", YES_NO), "shares_costs": ("P10", YES_NO),
    }  # fmt: skip


def ages(sample_id: str) -> list[int | None]:
    """In years; none in Poland, where bands are asked."""
    cells = raw(sample_id)
    if sample_id in ("F1", "F2"):
        return [None if age == 999 else int(age) for age in cells["ÂGE"]]
    if sample_id in YEARS:
        column = cells["naissance" if sample_id == "F2web" else "GEBJAHR"]
        return [YEARS[sample_id] - int(year) for year in column]
    return [None] * len(cells)


def weights(sample_id: str) -> list[float]:
    cells = raw(sample_id)
    return list(cells["GEW"]) if "GEW" in cells else [1.0] * len(cells)


def choices(sample_id: str) -> dict[str, list[set[str] | None]]:
    """Question of several choices -> by respondent what was chosen, or the silence alone; None: not asked."""
    cells = raw(sample_id)
    if sample_id in ("F1", "F2", "F2web"):
        names = {m: f"source_{m}" if sample_id == "F2web" else f"Q7_{m[:2].upper()}" for m in MEDIA}
        yes, skipped = ("oui", "sans objet") if sample_id == "F2web" else (1, 7)
        return {"news_source": [
            None if row[names["none"]] == skipped else {m for m in MEDIA if row[names[m]] == yes} for _, row in cells.iterrows()
        ]}  # fmt: skip
    if sample_id in ("D1", "D2"):
        ranks = cells[["F7_1", "F7_2", "F7_3"]].astype(int).to_numpy()
        sources = [
            None if 97 in own else {"dont_know"} if 98 in own else {MEDIA[code - 1] for code in own if code}
            for own in ranks
        ]
        vehicles = [{v for v in VEHICLES if row[f"F9_{v[:3].upper()}"] == 1} for _, row in cells.iterrows()]
        return {"news_source": sources, "transport_used": vehicles}
    letters = dict(zip("PRTWN?", [*MEDIA, "dont_know"], strict=True))
    return {
        "news_source": [
            None if cell == "-" else {letters[code] for code in cell.split("/")} for cell in cells["P7"]
        ]
    }


def numbers(sample_id: str) -> dict[str, list[float | str]]:
    """Question of numbers -> by respondent the number, or the kind of silence."""
    cells = raw(sample_id)
    column = {"F1": "Q8", "F2": "Q8", "F2web": "prix", "D1": "F8", "D2": "F8", "P1": "P8", "P2": "P8"}[
        sample_id
    ]
    prices: list[float | str] = [
        "no_answer" if pd.isna(cell) else "dont_know" if cell in (999, "a") else float(cell)
        for cell in cells[column]
    ]
    if sample_id in ("P1", "P2"):
        return {"price_expectation": prices, "household_size": [float(size) for size in cells["P9"]]}
    return {"price_expectation": prices}


@cache
def answers() -> pd.DataFrame:
    """sample_id, row, question_id, status, category_id, number, weight; see above."""
    rows: list[tuple] = []
    for sample_id in SAMPLES:
        weight = weights(sample_id)

        def said(
            at: int,
            question: str,
            answer: str,
            number: float | None = None,
            sample_id=sample_id,
            weight=weight,
        ) -> None:
            status = answer if answer in SILENCES else "answered"
            rows.append((sample_id, at + 1, question, status, answer, number, weight[at]))

        for question, (column, meaning) in singles(sample_id).items():
            for at, code in enumerate(raw(sample_id)[column]):
                if code in meaning:
                    said(at, question, meaning[code])
        if sample_id not in ("P1", "P2"):
            for at, age in enumerate(ages(sample_id)):
                said(
                    at,
                    "age_band",
                    "no_answer" if age is None else next(b for b, years in BANDS.items() if age in years),
                )
        for question, given in choices(sample_id).items():
            for at, chosen in enumerate(given):
                for category in sorted(chosen or ()):
                    said(at, question, category)
        for question, values in numbers(sample_id).items():
            for at, value in enumerate(values):
                said(
                    at,
                    question,
                    value if isinstance(value, str) else "",
                    None if isinstance(value, str) else value,
                )
    names = ["sample_id", "row", "question_id", "status", "category_id", "number", "weight"]
    return pd.DataFrame(rows, columns=names)
