"""A questionnaire history made up at random: what every respondent answered, and how the agency wrote it down.

What the answers mean is drawn first and kept as the truth. The codes, layouts and files are drawn from it afterwards,
so that the truth owes nothing to the crosswalk that the project reads the files with.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SAID = ("dont_know", "no_answer")
WORDS = {
    "KOR": [
        "좋음",
        "나쁨",
        "모두, 아님",
        '"매우" 좋다',
        "경제·문화",
        "안보",
        "역사 문제",
        "기타",
        "보통",
        "그렇다",
    ],
    "JPN": [
        "良い",
        "悪い",
        "どちらでも,ない",
        '"とても"良い',
        "経済・文化",
        "安全保障",
        "歴史問題",
        "その他",
        "普通",
        "そう思う",
    ],
}
SAID_WORDS = {
    "KOR": {"dont_know": "모름", "no_answer": "무응답", "skipped": "비해당", "no_further_choice": "없음",
            "chosen": "선택", "not_chosen": "미선택"},
    "JPN": {"dont_know": "わからない", "no_answer": "無回答", "skipped": "非該当", "no_further_choice": "以降なし",
            "chosen": "選択", "not_chosen": "非選択"},
}  # fmt: skip
ENCODINGS = {"KOR": ["cp949", "utf-8-sig"], "JPN": ["cp932", "utf-8-sig"]}
ROMAN_VARIABLE = {"sav", "dta"}
BANDS = [(18, 29), (30, 44), (45, 59), (60, 99)]


@dataclass
class Question:
    """A question with its categories in order; `nets` and the language labels go by category."""

    question_id: str
    kind: str  # single, multiple or years
    answer_type: str
    categories: list[str]
    nets: dict[str, str]
    labels: dict[str, dict[str, str]]
    missing: list[str]
    universe: tuple[str, str, str] | None = None  # parent, 'net' or 'category', which

    def is_inside(self, parent_answer, parent: Question) -> bool:
        _, by, which = self.universe
        return parent_answer == which if by == "category" else parent.nets.get(parent_answer) == which


@dataclass
class Column:
    """A column of a file: its cells as text, '' for an empty one, and what its codes mean."""

    variable: str
    cells: list[str]
    meanings: dict[str, str]  # code or '<blank>' -> category
    question: Question | None = None
    layout: str = ""
    category_id: str = ""
    delimiter: str = ""
    role: str = "answer"


@dataclass
class SampleFile:
    """A sample: what was answered, and the columns that say so."""

    sample_id: str
    country: str
    wave: int
    format: str
    encoding: str
    header_row: int
    n: int
    answers: dict[str, list]  # question -> per respondent: a category, a missing type, a tuple of choices
    columns: list[Column] = field(default_factory=list)


@dataclass
class History:
    questions: list[Question]
    samples: list[SampleFile]


def make_history(seed: int) -> History:
    """History number `seed`. Five in a row share no question and no wave, so that one project can hold them."""
    rng = random.Random(seed)
    questions = make_questions(rng, f"h{seed}_q")
    weights = {q.question_id: [rng.uniform(0.3, 1) for _ in q.categories] for q in questions}
    first = 2001 + 10 * (seed % 5) + rng.randint(0, 5)
    samples = []
    for wave in range(first, first + rng.randint(2, 4)):
        for country in rng.choice([["KOR"], ["JPN"], ["KOR", "JPN"]]) if wave > first else ["KOR", "JPN"]:
            samples.append(make_sample(rng, questions, weights, wave, country, everything=wave == first))
    return History(questions, samples)


def make_questions(rng: random.Random, prefix: str) -> list[Question]:
    questions: list[Question] = []
    for number in range(rng.randint(3, 8)):
        kind = rng.choice(["single", "single", "multiple", "years"]) if number else "single"
        name = f"{prefix}{number}"
        size = len(BANDS) if kind == "years" else rng.randint(2, 6)
        categories = [f"{name}_c{i}" for i in range(size)]
        rng.shuffle(categories)
        nets = {}
        if kind == "single" and rng.random() < 0.7:
            nets = {
                c: ["positive", "neither", "negative"][min(2, 3 * i // size)]
                for i, c in enumerate(categories)
            }
        labels = {country: dict(zip(categories, rng.sample(words, size))) for country, words in WORDS.items()}
        answer_type = (
            "multiple" if kind == "multiple" else "ordinal" if kind == "years" or nets else "nominal"
        )
        question = Question(
            name, kind, answer_type, categories, nets, labels, rng.sample(SAID, rng.randint(1, 2))
        )
        parents = [q for q in questions if q.kind == "single" and q.universe is None]
        if parents and kind != "years" and rng.random() < 0.4:
            parent = rng.choice(parents)
            by_net = parent.nets and rng.random() < 0.5
            which = rng.choice(sorted(set(parent.nets.values()))) if by_net else rng.choice(parent.categories)
            question.universe = (parent.question_id, "net" if by_net else "category", which)
        questions.append(question)
    return questions


def make_sample(rng, questions, weights, wave: int, country: str, everything: bool) -> SampleFile:
    asked: list[Question] = []
    names = set()
    for question in questions:
        known = question.universe is None or question.universe[0] in names
        if known and (everything or not asked or rng.random() < 0.8):
            asked.append(question)
            names.add(question.question_id)
    format_ = rng.choice(["csv", "csv", "sav", "dta", "xlsx"])
    sample = SampleFile(
        f"{country}-{wave}", country, wave, format_, rng.choice(ENCODINGS[country]) if format_ == "csv" else "",
        rng.randint(1, 4) if format_ == "xlsx" else 1, 2 * rng.randint(60, 120), {},
    )  # fmt: skip
    by_name = {q.question_id: q for q in questions}
    for question in asked:
        sample.answers[question.question_id] = [
            draw_answer(rng, question, weights[question.question_id], by_name, sample, i)
            for i in range(sample.n)
        ]
    return sample


def draw_answer(rng, question: Question, weights, by_name, sample: SampleFile, i: int):
    if question.universe:
        parent = by_name[question.universe[0]]
        if not question.is_inside(sample.answers[parent.question_id][i], parent):
            return "skipped"
    if rng.random() < 0.12:
        return rng.choice(question.missing)
    if question.kind == "years":
        return rng.randint(BANDS[0][0], 65)
    if question.kind == "single":
        return rng.choices(question.categories, weights)[0]
    return tuple(rng.sample(question.categories, rng.randint(1, min(3, len(question.categories)))))


def band_of(question: Question, years: int) -> str:
    return next(c for c, (low, high) in zip(question.categories, BANDS) if low <= years <= high)
