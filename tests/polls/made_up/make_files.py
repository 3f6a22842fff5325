"""Makes the raw files of the made-up survey: `python -m tests.polls.made_up.make_files FOLDER`.

The files in `raw` are what this wrote once; they are the data, and nothing runs it again. Each respondent has a leaning, on
which the four trust items, the direction of the country and the ladder of life depend, and half the reading of news. In
Poland the leaning differs between sampling points. Nothing here imports the engine.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat

TRUST = ("parliament", "courts", "police", "press")
MEDIA = ("paper", "radio", "tv", "web")
VEHICLES = ("car", "bus", "train", "bicycle")
BLANK = ""


def people(n: int, seed: int, strata: int = 0, clusters: int = 0) -> pd.DataFrame:
    """What n respondents would say if every question were put to them: one column a question, in words."""
    chance = np.random.default_rng(seed)
    frame = pd.DataFrame({"number": np.arange(1, n + 1)})
    leaning = chance.normal(0, 1, n)
    if clusters:
        unit = np.arange(n) * strata * clusters // n
        frame["stratum"], frame["cluster"] = unit // clusters + 1, unit % clusters + 1
        leaning += chance.normal(0, 0.7, strata * clusters)[unit]
    frame["gender"] = pick(chance, n, {"man": 0.48, "woman": 0.51, "no_answer": 0.01})
    frame["age"] = np.clip(chance.normal(47, 17, n).round(), 18, 93).astype(int)
    frame["schooling"] = pick(
        chance, n, {"primary": 0.2, "secondary": 0.5, "higher": 0.29, "no_answer": 0.01}
    )
    frame["place"] = pick(chance, n, {"city": 0.35, "town": 0.4, "village": 0.25})
    older = (frame["age"].to_numpy() - 47) / 17
    for level, item in zip((-0.4, 0.3, 0.7, -0.1), TRUST, strict=True):
        score = level + 0.9 * leaning + 0.25 * older + chance.logistic(0, 0.8, n)
        frame[f"trust_{item}"] = missing(
            chance, cut(score, (-1.5, 0.0, 1.6), "none little some full"), 0.05, 0.02
        )
    score = 0.8 * leaning - 0.2 + chance.logistic(0, 0.9, n)
    frame["country_direction"] = missing(
        chance, cut(score, (-0.3, 0.5), "wrong_way neither right_way"), 0.08, 0.01
    )
    frame["life_ladder"] = np.clip((6.2 + 0.9 * leaning + chance.normal(0, 1.7, n)).round(), 0, 10).astype(
        int
    )
    worries = {
        "prices": 0.34,
        "climate": 0.17,
        "health": 0.2,
        "security": 0.16,
        "other": 0.1,
        "dont_know": 0.03,
    }
    frame["main_worry"] = pick(chance, n, worries)
    frame["favourite_season"] = pick(chance, n, {"spring": 0.3, "summer": 0.4, "autumn": 0.2, "winter": 0.1})
    frame["reads_news"] = np.where(leaning / 2 + chance.logistic(0, 1, n) > -1.2, "yes", "no")
    for medium, share in zip(MEDIA, (0.3, 0.35, 0.6, 0.55), strict=True):
        frame[medium] = chance.random(n) < share
    frame["knows_no_source"] = chance.random(n) < 0.04
    for vehicle, share in zip(VEHICLES, (0.7, 0.35, 0.25, 0.3), strict=True):
        frame[vehicle] = chance.random(n) < share
    frame["half"] = np.where(chance.random(n) < 0.5, "short", "long")
    frame["carbon_tax"] = missing(
        chance, cut(0.3 * leaning + chance.normal(0, 1, n), (0.1,), "against for"), 0.1, 0.0
    )
    expected = (4 - 2.5 * leaning + chance.normal(0, 6, n)).round(1)
    frame["prices"] = np.where(chance.random(n) < 0.07, np.nan, np.clip(expected, -20, 60))
    frame["household"] = 1 + np.minimum(chance.poisson(1.4, n), 7)
    frame["shares_costs"] = pick(chance, n, {"yes": 0.7, "no": 0.3})
    return frame


def pick(chance: np.random.Generator, n: int, shares: Mapping[str, float]) -> np.ndarray:
    return chance.choice(list(shares), size=n, p=list(shares.values())).astype(object)


def cut(score: np.ndarray, bounds: tuple[float, ...], words: str) -> np.ndarray:
    return np.array(words.split(), dtype=object)[np.searchsorted(bounds, score)]


def missing(
    chance: np.random.Generator, answers: np.ndarray, dont_know: float, no_answer: float
) -> np.ndarray:
    draw = chance.random(len(answers))
    answers = np.where(draw < dont_know, "dont_know", answers)
    return np.where(draw > 1 - no_answer, "no_answer", answers)


def asked_of_readers(frame: pd.DataFrame) -> pd.Series:
    """The filter of the news sources: reads news, and trusts the press fully or somewhat."""
    return (frame["reads_news"] == "yes") & frame["trust_press"].isin(["full", "some"])


def coded(frame: pd.DataFrame, column: str, codes: Mapping[str, Any]) -> list[Any]:
    return [codes[answer] for answer in frame[column]]


def indicators(
    frame: pd.DataFrame, names: tuple[str, ...], asked: pd.Series, yes: Any, no: Any, skip: Any
) -> dict:
    """A column for each name and one for `none of these`, which stands where no other is chosen."""
    given = {
        name: [skip if not a else yes if v else no for v, a in zip(frame[name], asked, strict=True)]
        for name in names
    }
    nothing = ~frame[list(names)].any(axis=1)
    given["none"] = [skip if not a else yes if v else no for v, a in zip(nothing, asked, strict=True)]
    return given


def chosen(frame: pd.DataFrame, names: tuple[str, ...], codes: Mapping[str, Any]) -> list[list[Any]]:
    """The codes of what each respondent chose, or that of none of these."""
    return [[codes[name] for name in names if row[name]] or [codes["none"]] for _, row in frame.iterrows()]


FRENCH_TRUST = {"full": 1, "some": 2, "little": 3, "none": 4, "dont_know": 8, "no_answer": 9}
FRENCH_WORDS = {"full": "tout à fait", "some": "plutôt", "little": "plutôt pas", "none": "pas du tout",
                "dont_know": "sans opinion", "no_answer": "refus"}  # fmt: skip
DIRECTION = {"right_way": 1, "neither": 2, "wrong_way": 3, "dont_know": 8, "no_answer": 9}
DIRECTION_WORDS = {"right_way": "bonne", "neither": "ni l'une ni l'autre", "wrong_way": "mauvaise",
                   "dont_know": "sans opinion", "no_answer": "refus"}  # fmt: skip
WORRY = {"prices": 1, "climate": 2, "health": 3, "security": 4, "other": 5, "dont_know": 8}
WORRY_WORDS = {"prices": "prix", "climate": "climat", "health": "santé", "security": "sécurité", "other": "autre",
               "dont_know": "sans opinion"}  # fmt: skip
SEASON = {"spring": 1, "summer": 2, "autumn": 3, "winter": 4}
SEASON_WORDS = {"spring": "printemps", "summer": "été", "autumn": "automne", "winter": "hiver"}
SCHOOLING = {"primary": 1, "secondary": 2, "higher": 3, "no_answer": 9}
PLACE = {"city": 1, "town": 2, "village": 3}
REMARKS = {4: "« cœur serré », dit-elle", 9: "50 € offerts ; refusés"}


def france(frame: pd.DataFrame, wave: int) -> dict[str, list[Any]]:
    """Codes in numbers, the age in years, indicator columns, in the second wave the two halves of a split ballot."""
    columns: dict[str, list[Any]] = {"NUMÉRO": [1000 * wave + n for n in frame["number"]]}
    columns["SEXE"] = coded(frame, "gender", {"man": 1, "woman": 2, "no_answer": 9})
    columns["ÂGE"] = [
        999 if n % 67 == 0 else age for n, age in zip(frame["number"], frame["age"], strict=True)
    ]
    columns["DIPLÔME"] = coded(frame, "schooling", SCHOOLING)
    columns["COMMUNE"] = coded(frame, "place", PLACE)
    for at, item in enumerate(TRUST, start=1):
        columns[f"Q1_{at}"] = coded(frame, f"trust_{item}", FRENCH_TRUST)
    columns["Q2"] = coded(frame, "country_direction", DIRECTION)
    columns["Q3"] = list(frame["life_ladder"])
    columns["Q4"] = coded(frame, "main_worry", WORRY)
    columns["Q5"] = coded(frame, "favourite_season", SEASON)
    columns["Q6"] = coded(frame, "reads_news", {"yes": 1, "no": 2})
    for name, cells in indicators(frame, MEDIA, asked_of_readers(frame), 1, 0, 7).items():
        columns[f"Q7_{name[:2].upper()}"] = cells
    columns["Q8"] = [
        BLANK if n % 50 == 0 else 999 if np.isnan(p) else p
        for n, p in zip(frame["number"], frame["prices"], strict=True)
    ]
    if wave == 2:
        tax = coded(frame, "carbon_tax", {"for": 1, "against": 2, "dont_know": 8})
        for half, name in (("short", "Q9A"), ("long", "Q9B")):
            columns[name] = [code if own == half else 7 for code, own in zip(tax, frame["half"], strict=True)]
    columns["REMARQUE"] = [REMARKS.get(n, BLANK) for n in frame["number"]]
    return columns


def france_online(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The form of the web: cells are words, the age a year of birth."""
    columns: dict[str, list[Any]] = {"jeton": [f"W{n:03d}" for n in frame["number"]]}
    columns["sexe"] = coded(frame, "gender", {"man": "homme", "woman": "femme", "no_answer": "refus"})
    columns["naissance"] = [2022 - age for age in frame["age"]]
    columns["diplôme"] = coded(frame, "schooling", SCHOOLING)
    for item in TRUST:
        columns[f"confiance_{item[:4]}"] = coded(frame, f"trust_{item}", FRENCH_WORDS)
    columns["direction"] = coded(frame, "country_direction", DIRECTION_WORDS)
    columns["échelle"] = list(frame["life_ladder"])
    columns["souci"] = coded(frame, "main_worry", WORRY_WORDS)
    columns["saison"] = coded(frame, "favourite_season", SEASON_WORDS)
    columns["actualité"] = coded(frame, "reads_news", {"yes": "oui", "no": "non"})
    for name, cells in indicators(frame, MEDIA, asked_of_readers(frame), "oui", "non", "sans objet").items():
        columns[f"source_{name}"] = cells
    columns["prix"] = [999 if np.isnan(p) else p for p in frame["prices"]]
    return columns


def germany(frame: pd.DataFrame, wave: int) -> dict[str, list[Any]]:
    """The scale of trust runs the other way; ranked choices; weights; in the second wave the tax is put to everyone."""
    columns: dict[str, list[Any]] = {"LFD": [float(n) for n in frame["number"]]}
    columns["GEW"] = list(weights(frame))
    columns["GESCHL"] = coded(frame, "gender", {"man": 1, "woman": 2, "no_answer": 9})
    columns["GEBJAHR"] = [(2021, 2022)[wave - 1] - age for age in frame["age"]]
    columns["SCHULE"] = coded(frame, "schooling", SCHOOLING)
    trust = {"none": 1, "little": 2, "some": 3, "full": 4, "dont_know": 98, "no_answer": 99}
    for at, item in enumerate(TRUST):
        columns[f"F1{'ABCD'[at]}"] = coded(frame, f"trust_{item}", trust)
    columns["F2"] = coded(frame, "country_direction", {**DIRECTION, "dont_know": 98, "no_answer": 99})
    columns["F3"] = list(frame["life_ladder"])
    columns["F4"] = coded(frame, "main_worry", {**WORRY, "dont_know": 98})
    columns["F5"] = coded(frame, "favourite_season", SEASON)
    columns["F6"] = coded(frame, "reads_news", {"yes": 1, "no": 2})
    ranks = chosen(frame, MEDIA, {"paper": 1, "radio": 2, "tv": 3, "web": 4, "none": 5})
    asked = asked_of_readers(frame)
    for at in range(3):
        columns[f"F7_{at + 1}"] = [
            97 if not a else 98 if unsure and at == 0 else 0 if unsure or at >= len(own) else own[at]
            for own, a, unsure in zip(ranks, asked, frame["knows_no_source"], strict=True)
        ]
    columns["F8"] = [
        np.nan if n % 60 == 0 else 999 if np.isnan(p) else p
        for n, p in zip(frame["number"], frame["prices"], strict=True)
    ]
    for name, cells in indicators(frame, VEHICLES, pd.Series(True, index=frame.index), 1, 0, 97).items():
        columns[f"F9_{name[:3].upper()}"] = cells
    if wave == 2:
        columns["F10"] = coded(frame, "carbon_tax", {"for": 1, "against": 2, "dont_know": 98})
    return columns


def weights(frame: pd.DataFrame) -> np.ndarray:
    """Of men and of the old the file has too few; they average one."""
    raw = np.where(frame["gender"] == "man", 1.3, 0.8) * np.where(frame["age"] >= 55, 1.25, 0.9)
    return (raw / raw.mean()).round(4)


def poland(frame: pd.DataFrame, wave: int) -> dict[str, list[Any]]:
    """Age in bands, choices in one cell, a household of whole numbers and a question for those who live with others."""
    columns: dict[str, list[Any]] = {"NR": list(frame["number"])}
    columns["WOJ"], columns["PUNKT"] = list(frame["stratum"]), list(frame["cluster"])
    columns["PLEC"] = coded(frame, "gender", {"man": 1, "woman": 2, "no_answer": 9})
    columns["WIEK"] = [1 if age <= 34 else 2 if age <= 54 else 3 for age in frame["age"]]
    columns["SZKOLA"] = coded(frame, "schooling", SCHOOLING)
    columns["MIEJSCE"] = coded(frame, "place", PLACE)
    unsaid = {"dont_know": ".a", "no_answer": ".b"} if wave == 1 else {"dont_know": 98, "no_answer": 99}
    for at, item in enumerate(TRUST, start=1):
        columns[f"P1_{at}"] = coded(frame, f"trust_{item}", {**FRENCH_TRUST, **unsaid})
    columns["P2"] = coded(frame, "country_direction", {**DIRECTION, **unsaid})
    columns["P3"] = list(frame["life_ladder"])
    columns["P4"] = coded(frame, "main_worry", {**WORRY, **unsaid})
    columns["P5"] = coded(frame, "favourite_season", SEASON)
    columns["P6"] = coded(frame, "reads_news", {"yes": 1, "no": 2})
    letters = chosen(frame, MEDIA, {"paper": "P", "radio": "R", "tv": "T", "web": "W", "none": "N"})
    columns["P7"] = [
        "-" if not a else "?" if unsure else "/".join(own)
        for own, a, unsure in zip(letters, asked_of_readers(frame), frame["knows_no_source"], strict=True)
    ]
    columns["P8"] = [unsaid["dont_know"] if np.isnan(p) else p for p in frame["prices"]]
    if wave == 2:
        columns["P8"] = [999 if p == 98 else p for p in columns["P8"]]
    columns["P9"] = list(frame["household"])
    columns["P10"] = [
        7 if size < 2 else {"yes": 1, "no": 2}[said]
        for size, said in zip(frame["household"], frame["shares_costs"], strict=True)
    ]
    return columns


GERMAN_TRUST = {1: "gar kein Vertrauen", 2: "wenig Vertrauen", 3: "etwas Vertrauen", 4: "volles Vertrauen",
                98: "weiß nicht", 99: "keine Angabe"}  # fmt: skip
GERMAN = {
    "LFD": "laufende Nummer", "GEW": "Gewicht", "GESCHL": "Geschlecht", "GEBJAHR": "Geburtsjahr", "SCHULE": "Schulbildung",
    "F1A": "Vertrauen in das Parlament", "F1B": "Vertrauen in die Gerichte", "F1C": "Vertrauen in die Polizei",
    "F1D": "Vertrauen in die Presse", "F2": "Richtung des Landes", "F3": "Leiter des Lebens", "F4": "größte Sorge",
    "F5": "liebste Jahreszeit", "F6": "liest Nachrichten", "F7_1": "Nachrichtenquelle, erste", "F7_2": "Nachrichtenquelle, zweite",
    "F7_3": "Nachrichtenquelle, dritte", "F8": "erwartete Preise", "F9_CAR": "Verkehrsmittel: Auto", "F9_BUS": "Verkehrsmittel: Bus",
    "F9_TRA": "Verkehrsmittel: Bahn", "F9_BIC": "Verkehrsmittel: Fahrrad", "F9_NON": "Verkehrsmittel: keines", "F10": "CO2-Steuer, kurze Frage",
}  # fmt: skip
GERMAN_CODES = {
    "GESCHL": {1: "Mann", 2: "Frau", 9: "keine Angabe"},
    "SCHULE": {1: "Grundbildung", 2: "mittlere Bildung", 3: "höhere Bildung", 9: "keine Angabe"},
    **{f"F1{letter}": GERMAN_TRUST for letter in "ABCD"},
    "F2": {1: "richtige Richtung", 2: "weder noch", 3: "falsche Richtung", 98: "weiß nicht", 99: "keine Angabe"},
    "F4": {1: "Preise", 2: "Klima", 3: "Gesundheit", 4: "Sicherheit", 5: "anderes", 98: "weiß nicht"},
    "F5": {1: "Frühling", 2: "Sommer", 3: "Herbst", 4: "Winter"},
    "F6": {1: "ja", 2: "nein"},
    **{f"F7_{at}": {1: "Zeitung", 2: "Radio", 3: "Fernsehen", 4: "Internet", 5: "nichts davon", 97: "trifft nicht zu",
                    98: "weiß nicht"} for at in (1, 2, 3)},
    "F8": {999: "weiß nicht"},
    "F10": {1: "dafür", 2: "dagegen", 98: "weiß nicht"},
}  # fmt: skip
POLISH = {
    "NR": "numer", "WOJ": "województwo", "PUNKT": "punkt", "PLEC": "płeć", "WIEK": "wiek", "SZKOLA": "wykształcenie",
    "MIEJSCE": "miejsce zamieszkania", "P1_1": "zaufanie do parlamentu", "P1_2": "zaufanie do sądów", "P1_3": "zaufanie do policji",
    "P1_4": "zaufanie do prasy", "P2": "kierunek kraju", "P3": "drabina życia", "P4": "największa troska", "P5": "ulubiona pora roku",
    "P6": "czyta wiadomości", "P7": "źródła wiadomości", "P8": "oczekiwane ceny", "P9": "osoby w gospodarstwie",
    "P10": "dzieli koszty",
}  # fmt: skip


def polish_codes(dont_know: Any, no_answer: Any, no_price: Any) -> dict[str, dict[Any, str]]:
    unsaid = {dont_know: "nie wiem", no_answer: "odmowa"}
    trust = {1: "pełne zaufanie", 2: "pewne zaufanie", 3: "małe zaufanie", 4: "brak zaufania", **unsaid}
    return {
        "PLEC": {1: "mężczyzna", 2: "kobieta", 9: "odmowa"}, "WIEK": {1: "18-34", 2: "35-54", 3: "55+"},
        **{f"P1_{at}": trust for at in (1, 2, 3, 4)},
        "P2": {1: "dobry", 2: "ani ani", 3: "zły", **unsaid},
        "P5": {1: "wiosna", 2: "lato", 3: "jesień", 4: "zima"}, "P6": {1: "tak", 2: "nie"},
        "P8": {no_price: "nie wiem"}, "P10": {1: "tak", 2: "nie", 7: "nie dotyczy"},
    }  # fmt: skip


def write_csv(
    path: Path, columns: Mapping[str, list[Any]], encoding: str, sign: str, above: list[str]
) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        stream.writelines(f"{line}\r\n" for line in above)
        writer = csv.writer(stream, delimiter=sign, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def write_sav(path: Path, columns: Mapping[str, list[Any]]) -> None:
    frame = pd.DataFrame(columns).astype(float)
    codes = {name: labels for name, labels in GERMAN_CODES.items() if name in frame}
    missing_ranges = {name: [98, 99] for name, labels in codes.items() if 98 in labels}
    pyreadstat.write_sav(frame, path, column_labels={name: GERMAN[name] for name in frame},
                         variable_value_labels=codes, missing_ranges=missing_ranges)  # fmt: skip


def write_dta(path: Path, columns: Mapping[str, list[Any]]) -> None:
    # Tags are letters among numbers, which pandas has to hold as categories to be written as numbers.
    frame = pd.DataFrame({
        name: pd.Series([cell[1:] if str(cell).startswith(".") else float(cell) for cell in cells], dtype="category")
        if any(str(cell).startswith(".") for cell in cells) else pd.Series(cells)
        for name, cells in columns.items()
    })  # fmt: skip
    tagged = {
        name: sorted({cell[1:] for cell in cells if str(cell).startswith(".")})
        for name, cells in columns.items()
    }
    codes = {
        name: {code[1:] if str(code).startswith(".") else code: label for code, label in labels.items()
               if not str(code).startswith(".") or code[1:] in tagged[name]}
        for name, labels in polish_codes(".a", ".b", ".a").items()
    }  # fmt: skip
    pyreadstat.write_dta(frame, path, column_labels={name: POLISH[name] for name in frame}, variable_value_labels=codes,
                         missing_user_values={name: letters for name, letters in tagged.items() if letters})  # fmt: skip


def write_xlsx(
    path: Path, sheet: str, columns: Mapping[str, list[Any]], above: list[str], labels: tuple | None = None
) -> None:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for line in [*([text] for text in above), list(columns), *zip(*columns.values(), strict=True)]:
        book.active.append([cell.item() if hasattr(cell, "item") else cell for cell in line])
    if labels:
        of_columns, of_codes = labels
        rows = [(name, None, of_columns[name]) for name in columns]
        rows += [(name, code, label) for name, codes in of_codes.items() for code, label in codes.items()]
        legend = book.create_sheet("etykiety")
        for row in [("variable", "code", "label"), *rows]:
            legend.append(row)
    book.save(path)


def main(folder: Path) -> None:
    for wave in ("vague1", "vague2"):
        (folder / wave).mkdir(parents=True, exist_ok=True)
    write_csv(
        folder / "vague1/france.csv",
        france(people(220, 11), 1),
        "cp1252",
        ";",
        ["Enquête « À cœur ouvert », vague 1", BLANK],
    )
    write_csv(folder / "vague2/france.csv", france(people(240, 12), 2), "utf-8-sig", ",", [])
    write_xlsx(
        folder / "vague2/france_en_ligne.xlsx",
        "réponses",
        france_online(people(160, 13)),
        ["À cœur ouvert, en ligne"],
    )
    write_sav(folder / "vague1/deutschland.sav", germany(people(180, 14), 1))
    write_sav(folder / "vague2/deutschland.sav", germany(people(200, 15), 2))
    write_dta(folder / "vague1/polska.dta", poland(people(200, 16, 4, 5), 1))
    columns = poland(people(240, 17, 4, 6), 2)
    write_xlsx(folder / "vague2/polska.xlsx", "dane", columns, [], (POLISH, polish_codes(98, 99, 999)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
