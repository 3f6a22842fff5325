"""A made-up poll of two countries and three waves, to propose a fourth file from."""

from __future__ import annotations

from dataclasses import dataclass, field

from kjpoll.common.properties import seed_properties
from kjpoll.onboarding.profile import BLANK, FileProfile, VariableProfile
from kjpoll.onboarding.propose import History, Proposals, propose

N = 1000
GOOD_BAD = {
    "good": (1, "Good", "좋음", "よい"),
    "fair": (2, "Rather good", "대체로 좋음", "どちらかといえばよい"),
    "neither": (3, "Neither", "어느 쪽도 아님", "どちらともいえない"),
    "poor": (4, "Rather bad", "대체로 나쁨", "どちらかといえばよくない"),
    "bad": (5, "Bad", "나쁨", "よくない"),
}
FUTURE = {
    "better": (1, "Will improve", "좋아질 것", "よくなる"),
    "same": (2, "No change", "변화 없을 것", "変わらない"),
    "worse": (3, "Will worsen", "나빠질 것", "悪くなる"),
}
VISITED = {"yes": (1, "Yes", "예", "はい"), "no": (2, "No", "아니요", "いいえ")}
REASONS = {
    "culture": (1, "Popular culture", "대중문화", "大衆文化"),
    "people": (2, "Kind people", "친절한 국민성", "親切な国民性"),
    "goods": (3, "Good products", "우수한 제품", "優れた製品"),
    "other": (4, "Other", "기타", "その他"),
}
THREATS = {
    "north": (1, "North Korea", "북한", "北朝鮮"),
    "china": (2, "China", "중국", "中国"),
    "russia": (3, "Russia", "러시아", "ロシア"),
    "usa": (4, "United States", "미국", "アメリカ"),
}
SEX = {"male": (1, "Male", "남성", "男性"), "female": (2, "Female", "여성", "女性")}
SETS = {
    "good_bad": GOOD_BAD,
    "future": FUTURE,
    "visited": VISITED,
    "reasons": REASONS,
    "threats": THREATS,
    "sex": SEX,
}
# question: category set, answer type, labels, the filter's question, shares of its answers in percent.
QUESTIONS = {
    "impression": (
        "good_bad",
        "ordinal",
        ("Impression of the other", "상대국에 대한 인상", "相手国に対する印象"),
        "",
        (5, 20, 35, 28, 12),
    ),
    "future": (
        "future",
        "ordinal",
        ("Future of relations", "향후 양국 관계 전망", "今後の両国関係の見通し"),
        "",
        (18, 50, 32),
    ),
    "reasons": (
        "reasons",
        "multiple",
        ("Reasons for a good impression", "좋은 인상을 가진 이유", "よい印象を持つ理由"),
        "impression",
        (60, 35, 20, 5),
    ),
    "visited": (
        "visited",
        "nominal",
        ("Has visited", "상대국 방문 경험", "相手国への訪問経験"),
        "",
        (30, 70),
    ),
    "threats": (
        "threats",
        "multiple",
        ("Military threats", "군사적 위협을 느끼는 나라", "軍事的脅威を感じる国"),
        "",
        (80, 55, 30, 10),
    ),
    "sex": ("sex", "nominal", ("Sex", "성별", "性別"), "", (49, 51)),
}
MISSING = {
    "dont_know": ("Don't know", "모름", "わからない"),
    "no_answer": ("No answer", "무응답", "無回答"),
    "skipped": ("Not asked", "비해당", "非該当"),
}
LANGUAGE = {"KOR": 1, "JPN": 2}


@dataclass
class Column:
    """A column of a file: how many gave each code, its labels, and its row in the crosswalk."""

    name: str
    counts: dict[str, int]
    label: str | None = None
    value_labels: dict[str, str] = field(default_factory=dict)
    row: dict[str, str] = field(default_factory=dict)


def counts(
    question_id: str, codes: list[str], rest: dict[str, int] | None = None, by: int = 0
) -> dict[str, int]:
    """Code -> records, codes in the order of the categories; `by`: percent moved from first to last."""
    shares = list(QUESTIONS[question_id][4])
    shares[0], shares[-1] = shares[0] - by, shares[-1] + by
    left = N - sum((rest or {}).values())
    found = {code: round(left * share / sum(shares)) for code, share in zip(codes, shares, strict=True)}
    found[codes[-1]] += left - sum(found.values())
    return found | (rest or {})


def indicators(question_id: str, stem: str, rest: dict[str, int], by: int = 0) -> list[dict[str, int]]:
    """The counts of columns of 0 and 1, one for each category."""
    left = N - sum(rest.values())
    chosen = [round(left * (share + by) / 100) for share in QUESTIONS[question_id][4]]
    return [{"1": n, "0": left - n} | rest for n in chosen]


def profile(columns: list[Column]) -> FileProfile:
    return FileProfile(
        N,
        tuple(
            VariableProfile(one.name, i, one.label, one.value_labels, one.counts)
            for i, one in enumerate(columns, start=1)
        ),
    )


def answer(question_id: str, layout: str, code_list: str, number: str, **cells: str) -> dict[str, str]:
    """A row of the crosswalk seed, without the sample and the variable."""
    return {
        "role": "answer",
        "question_id": question_id,
        "layout": layout,
        "code_list": code_list,
        "question_number": number,
        "comparability": "identical",
    } | cells


ROW = seed_properties()["variables"].columns
LISTS = {
    "good_bad__1to5_dk8_na9": {
        **{str(i): name for i, name in enumerate(GOOD_BAD, 1)},
        "8": "dont_know",
        "9": "no_answer",
    },
    "future__1to3_dk8_na9": {
        **{str(i): name for i, name in enumerate(FUTURE, 1)},
        "8": "dont_know",
        "9": "no_answer",
    },
    "visited__1to2": {"1": "yes", "2": "no"},
    "sex__1to2": {"1": "male", "2": "female"},
    "reserved__0_1_skip7": {"1": "chosen", "0": "not_chosen", "7": "skipped", "8": "dont_know"},
    "threats__1to4_ranked": {
        **{str(i): name for i, name in enumerate(THREATS, 1)},
        "8": "dont_know",
        BLANK: "no_further_choice",
    },
}


def columns_of(wave: int, names: dict[str, str] | None = None) -> list[Column]:
    """A file as all waves before the new one are: 2001 to 2003, the answers moving a little."""
    by = wave - 2002
    rest = {"8": 60, "9": 10}
    skip = {"7": 700, "8": 4}
    ranked = (
        {"1": 600, "2": 250, "3": 110, "4": 20, "8": 20},
        {"1": 150, "2": 250, "3": 120, "4": 40, "8": 20, BLANK: 420},
    )
    found = [
        Column("ID", {f"{wave}{i:04}": 1 for i in range(N)}, row={"role": "id", "note": "serial number"}),
        Column(
            "Q1",
            counts("impression", list("12345"), rest, by),
            row=answer("impression", "single", "good_bad__1to5_dk8_na9", "Q1"),
        ),
        *(
            Column(
                f"Q2_{i}",
                one,
                row=answer("reasons", "indicator", "reserved__0_1_skip7", "Q2", category_id=name),
            )
            for i, (one, name) in enumerate(
                zip(indicators("reasons", "Q2", skip, by), REASONS, strict=True), 1
            )
        ),
        Column(
            "Q3",
            counts("future", list("123"), rest, by),
            row=answer("future", "single", "future__1to3_dk8_na9", "Q3"),
        ),
        Column(
            "Q4", counts("visited", list("12"), by=by), row=answer("visited", "single", "visited__1to2", "Q4")
        ),
        *(
            Column(f"Q5_{i}", one, row=answer("threats", "ranked", "threats__1to4_ranked", "Q5"))
            for i, one in enumerate(ranked, 1)
        ),
        Column("SEX", counts("sex", list("12")), row=answer("sex", "single", "sex__1to2", "F1")),
        Column(
            "INTNO",
            {str(100 + i): N // 40 for i in range(40)},
            row={"role": "ignored", "note": "interviewer number, no question"},
        ),
    ]
    return found


def labelled(
    columns: list[Column], country: str, labels: dict[str, dict[str, str]] | None = None
) -> list[Column]:
    """The columns with the labels of their questions and, where `labels` gives them, of their codes."""
    for column in columns:
        if question_id := column.row.get("question_id"):
            column.label = QUESTIONS[question_id][2][LANGUAGE[country]]
        column.value_labels = (labels or {}).get(column.name, {})
    return columns


def history(
    countries: tuple[str, ...] = ("KOR", "JPN"),
    without: tuple[str, ...] = (),
    beside: tuple[Column, ...] = (),
) -> History:
    """Both countries, 2001 to 2003. `without`: names of columns that no earlier file had; `beside`: more that all had."""
    samples, variables, profiles = [], [], {}
    for country in countries:
        for wave in (2001, 2002, 2003):
            sample = sample_row(f"{country}-{wave}")
            samples.append(sample)
            columns = [
                one for one in labelled([*columns_of(wave), *beside], country) if one.name not in without
            ]
            profiles[sample["sample_id"]] = profile(columns)
            variables += [
                dict.fromkeys(ROW, "")
                | column.row
                | {"sample_id": sample["sample_id"], "variable": column.name, "review": "reviewed"}
                for column in columns
            ]
    return History(seeds(samples, variables), profiles)


def seeds(samples: list[dict[str, str]], variables: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    categories = []
    for name, answers in SETS.items():
        rows = {one: (str(position), "", words) for one, (position, *words) in answers.items()}
        if name not in ("visited", "sex"):
            rows |= {kind: ("", kind, MISSING[kind]) for kind in ("dont_know", "no_answer")}
        categories += [_category(name, one, *cells) for one, cells in rows.items()]
    for one in ("chosen", "not_chosen", "no_further_choice"):
        categories.append(_category("reserved", one, "1", "", (one, f"{one} 한", f"{one} 日")))
    categories += [_category("reserved", kind, "", kind, words) for kind, words in MISSING.items()]
    return {
        "samples": samples,
        "variables": variables,
        "categories": categories,
        "questions": [
            {
                "question_id": name,
                "label_en": words[0],
                "label_ko": words[1],
                "label_ja": words[2],
                "answer_type": kind,
                "category_set": category_set,
                "universe": universe,
            }
            for name, (category_set, kind, words, universe, _) in QUESTIONS.items()
        ],
        "code_lists": [
            {"code_list": name, "code": code, "category_id": category, "note": ""}
            for name, codes in LISTS.items()
            for code, category in codes.items()
        ],
        "missing_codes": [{"code": code} for code in ("77", "88", "99", "-1", "-9")],
    }


def _category(category_set: str, category_id: str, position: str, missing_type: str, words) -> dict[str, str]:
    return {
        "category_set": category_set,
        "category_id": category_id,
        "position": position,
        "missing_type": missing_type,
        "value_min": "",
        "value_max": "",
        "label_en": words[0],
        "label_ko": words[1],
        "label_ja": words[2],
    }


def sample_row(sample_id: str) -> dict[str, str]:
    country, wave = sample_id.split("-")
    return {
        "sample_id": sample_id,
        "wave": wave,
        "country": country,
        "format": "csv",
        "id_variable": "ID",
        "weight_variable": "",
    }


def proposed(columns: list[Column], known: History | None = None, sample_id: str = "KOR-2004") -> Proposals:
    return propose(sample_row(sample_id), profile(columns), known or history())
