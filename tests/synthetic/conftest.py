"""A small poll in memory: every layout, a filter, a filter of a filter, and all kinds of missing answers."""

import pytest
from kjpoll.synthetic.catalog import (
    Catalog,
    Category,
    Margin,
    Question,
    SyntheticSample,
    SyntheticVariable,
    UniverseCondition,
)

SETS = {
    "good_bad_5": [
        ("good", 1, "positive", ""), ("relatively_good", 2, "positive", ""), ("neither", 3, "neither", ""),
        ("relatively_bad", 4, "negative", ""), ("bad", 5, "negative", ""), ("favourable", None, "positive", ""),
        ("dont_know", None, "", "dont_know"), ("no_answer", None, "", "no_answer"),
    ],
    "sex": [("male", 1, "", ""), ("female", 2, "", "")],
    "yes_no": [("yes", 1, "", ""), ("no", 2, "", "")],
    "reasons": [("food", 1, "", ""), ("music", 2, "", ""), ("people", 3, "", ""), ("dont_know", None, "", "dont_know")],
    "threats": [("north_korea", 1, "", ""), ("china", 2, "", ""), ("counterpart", 3, "", ""),
                ("no_answer", None, "", "no_answer")],
    "reserved": [("chosen", 1, "", ""), ("not_chosen", 2, "", ""), ("no_further_choice", 3, "", ""),
                 ("skipped", None, "", "skipped"), ("dont_know", None, "", "dont_know"),
                 ("no_answer", None, "", "no_answer")],
}  # fmt: skip
AGES = [("age_18_19", 1, 0, 19), ("age_20_29", 2, 20, 29), ("age_30_39", 3, 30, 39), ("age_40_49", 4, 40, 49),
        ("age_50_59", 5, 50, 59), ("age_60_plus", 6, 60, 120)]  # fmt: skip
QUESTIONS = {
    "impression_of_counterpart": ("perception", "ordinal", "good_bad_5", ""),
    "impression_of_counterpart_leader": ("leaders", "ordinal", "good_bad_5", ""),
    "current_relations": ("relations", "ordinal", "good_bad_5", ""),
    "age_group": ("respondent", "ordinal", "age_group", ""),
    "sex": ("respondent", "nominal", "sex", ""),
    "reasons_good_impression": ("perception", "multiple", "reasons", "impressed"),
    "consumes_popular_culture": ("perception", "nominal", "yes_no", ""),
    "popular_culture_effect": ("perception", "ordinal", "good_bad_5", "consuming"),
    "culture_reasons": ("perception", "multiple", "reasons", "affected"),
    "military_threat": ("security", "multiple", "threats", ""),
}
UNIVERSES = [
    ("impressed", "impression_of_counterpart", "positive", "", None, None),
    ("consuming", "consumes_popular_culture", "", "yes", None, None),
    ("affected", "popular_culture_effect", "positive", "", None, None),
]
LISTS = {
    "scale": [("5", "good"), ("4", "relatively_good"), ("3", "neither"), ("2", "relatively_bad"), ("1", "bad"),
              ("8", "dont_know"), ("9", "no_answer"), ("<blank>", "skipped"), ("x", "good")],
    "tagged": [("1", "good"), ("2", "relatively_good"), ("3", "neither"), ("4", "relatively_bad"), ("5", "bad"),
               (".a", "dont_know"), (".b", "no_answer"), (".c", "skipped")],
    "coarse": [("1", "favourable"), ("2", "neither"), ("3", "bad")],
    "text": [("좋음", "good"), ("대체로 좋음", "relatively_good"), ("보통", "neither"), ("대체로 나쁨", "relatively_bad"),
             ("나쁨", "bad"), ("모름", "dont_know"), ("무응답", "no_answer"), ("비해당", "skipped")],
    "sex": [("1", "male"), ("2", "female")],
    "yes_no": [("1", "yes"), ("2", "no")],
    "tick": [("1", "chosen"), ("0", "not_chosen"), ("9", "dont_know"), ("<blank>", "skipped")],
    "listed": [("01", "food"), ("02", "music"), ("03", "people"), ("99", "dont_know"), ("<blank>", "skipped")],
    "ranks": [("1", "north_korea"), ("2", "china"), ("3", "counterpart"), ("9", "no_answer"),
              ("<blank>", "no_further_choice")],
    "years": [("999", "no_answer")],
}  # fmt: skip
VARIABLES = [
    ("ID", "id", "", "", "", "", ""),
    ("Q1", "answer", "impression_of_counterpart", "single", "", "scale", ""),
    ("Q2", "answer", "impression_of_counterpart_leader", "single", "", "text", ""),
    ("Q3", "answer", "current_relations", "single", "", "coarse", ""),
    ("Q4_1", "answer", "reasons_good_impression", "indicator", "food", "tick", ""),
    ("Q4_2", "answer", "reasons_good_impression", "indicator", "music", "tick", ""),
    ("Q4_3", "answer", "reasons_good_impression", "indicator", "people", "tick", ""),
    ("Q7", "answer", "culture_reasons", "delimited", "", "listed", ";"),
    ("Q6", "answer", "popular_culture_effect", "single", "", "scale", ""),
    ("Q5", "answer", "consumes_popular_culture", "single", "", "yes_no", ""),
    ("Q8_1", "answer", "military_threat", "ranked", "", "ranks", ""),
    ("Q8_2", "answer", "military_threat", "ranked", "", "ranks", ""),
    ("AGE", "answer", "age_group", "number", "", "years", ""),
    ("SEX", "answer", "sex", "single", "", "sex", ""),
    ("START", "ignored", "", "", "", "", ""),
]
N = 400
MARGINS = {
    "impression_of_counterpart": (N, dict(good=30, relatively_good=90, neither=110, relatively_bad=100, bad=60,
                                          dont_know=7, no_answer=3)),
    "impression_of_counterpart_leader": (N, dict(good=20, relatively_good=80, neither=150, relatively_bad=90, bad=40,
                                                 dont_know=20)),
    "current_relations": (N, dict(favourable=90, neither=150, bad=160)),
    "age_group": (N, dict(age_18_19=20, age_20_29=60, age_30_39=70, age_40_49=80, age_50_59=70, age_60_plus=100)),
    "sex": (N, dict(male=196, female=204)),
    "reasons_good_impression": (120, dict(food=70, music=60, people=35, dont_know=5)),
    "consumes_popular_culture": (N, dict(yes=180, no=220)),
    "popular_culture_effect": (180, dict(good=40, relatively_good=80, neither=50, bad=10)),
    "culture_reasons": (120, dict(food=80, music=90, people=20)),
    "military_threat": (N, dict(north_korea=330, china=210, counterpart=90, no_answer=10)),
}  # fmt: skip


def _labels(name):
    return name, f"한 {name}", f"日 {name}"


@pytest.fixture
def poll() -> Catalog:
    """Sample KOR-2016 of 400 people; tests change a field where they need another poll."""
    sample = SyntheticSample("KOR-2016", 2016, "KOR", "KOR", "2016/KOR.csv", "csv", "cp949", "데이터", "labels", 4, N, "2016-06-16", "2016-07-05",
                    "face-to-face interview", "Some Agency", "19+", "some_source")  # fmt: skip
    categories = {
        name: {
            c: Category(c, position, net, missing, None, None, *_labels(c))
            for c, position, net, missing in found
        }
        for name, found in SETS.items()
    }
    categories["age_group"] = {c: Category(c, p, "", "", low, high, *_labels(c)) for c, p, low, high in AGES}
    categories["age_group"]["no_answer"] = Category(
        "no_answer", None, "", "no_answer", None, None, *_labels("-")
    )
    return Catalog(
        samples={"KOR-2016": sample},
        questions={q: Question(q, *found, *_labels(q)) for q, found in QUESTIONS.items()},
        universes={row[0]: [UniverseCondition(*row)] for row in UNIVERSES},
        categories=categories,
        variables={
            "KOR-2016": [SyntheticVariable("KOR-2016", *found, f"Q{i}") for i, found in enumerate(VARIABLES)]
        },
        code_lists={name: list(found) for name, found in LISTS.items()},
        margins={
            ("KOR-2016", q): [Margin(c, n, base) for c, n in counts.items()]
            for q, (base, counts) in MARGINS.items()
        },
        fillers={("KOR-2016", "START"): "start_time"},
    )
