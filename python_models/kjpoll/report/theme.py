"""One look for charts and pages: colours that colour-blind readers can distinguish, each with one meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

COUNTRY_NAMES = {"KOR": "Korea", "JPN": "Japan"}
COUNTRY_COLOURS = {"KOR": "#8a3b8f", "JPN": "#00735c"}
# Okabe and Ito's blue and vermilion, the latter darkened so that white text on it can be read.
NET_COLOURS = {"positive": "#0072b2", "neither": "#6e6e6e", "negative": "#b84a00"}
MISSING_COLOURS = {"dont_know": "#939ba5", "no_answer": "#c2c7ce"}
OTHER_COLOUR = "#8d8d8d"
# Shades of one net, from its strongest answer to its weakest.
NET_SHADES = {
    "positive": ("#00507d", "#3d94c6", "#8cc3e3", "#b9dcf0"),
    "neither": ("#6e6e6e", "#a0a0a0", "#bfbfbf"),
    "negative": ("#7a3100", "#d67f42", "#e29a63", "#f0c3a0"),
}
# Okabe and Ito's, without the colours that a net or a country has, and after them shades between.
NOMINAL = (
    "#56b4e9",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#f0e442",
    "#5b4bb2",
    "#b5862b",
    "#1b6e8c",
    "#9bc53d",
    "#c63f52",
)
INK, MUTED, RULE, PAPER, SHADE = "#1b1f24", "#50575f", "#d4d8dd", "#ffffff", "#f4f5f7"
LINK, NOTICE, NOTICE_INK = "#00528c", "#fff3cd", "#4d3b00"
FONT = (
    "'Noto Sans', 'DejaVu Sans', 'Poll Korean', 'Poll Japanese', "
    "'Noto Sans KR', 'Noto Sans JP', 'Noto Sans CJK KR', 'Noto Sans CJK JP', sans-serif"
)


def luminance(colour: str) -> float:
    """The relative luminance of a colour `#rrggbb` by WCAG 2, 0 (black) to 1 (white)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, background: str) -> float:
    """The contrast of two colours by WCAG 2, 1 to 21; text needs 4.5."""
    dark, light = sorted((luminance(colour), luminance(background)))
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Ink or paper, whichever can be read better on the colour."""
    return max((INK, PAPER), key=lambda text: contrast(text, colour))


def mixed(colour: str, second: str, share: float) -> str:
    """A colour with a share (0 to 1) of another."""
    pairs = [(int(colour[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darkened(colour: str, wanted: float = 4.5) -> str:
    """The colour, darkened until text in it can be read on paper."""
    share, result = 0.0, colour
    while contrast(result, PAPER) < wanted:
        share += 0.05
        result = mixed(colour, INK, share)
    return result


class CategoryColours:
    """One colour per category over all questions.

    A net's categories are shades of its colour; don't know and no answer are pale; the others take the first
    free colour of the palette in their first question, and keep it in every other.
    """

    def __init__(self, categories: Iterable[Mapping[str, Any]]):
        self._shades: dict[tuple[str, str], str] = {}
        self._nominal: dict[str, str] = {}
        questions: dict[str, list[Mapping[str, Any]]] = {}
        for category in categories:
            questions.setdefault(category["question_id"], []).append(category)
        for question_id in sorted(questions):
            self._assign(
                question_id,
                sorted(
                    questions[question_id],
                    key=lambda c: (c["position"] is None, c["position"], c["category_id"]),
                ),
            )

    def of(self, question_id: str, category_id: str) -> str:
        """The colour of a category, or of a net, in a question. KeyError if the question has neither."""
        if category_id in NET_COLOURS:
            return NET_COLOURS[category_id]
        return self._shades.get((question_id, category_id)) or self._nominal[category_id]

    def _assign(self, question_id: str, categories: list[Mapping[str, Any]]) -> None:
        for net, shades in NET_SHADES.items():
            members = [c["category_id"] for c in categories if c["net"] == net and c["missing_type"] is None]
            # The strongest answers of a scale stand at its ends: the first positive, the last negative.
            for i, category_id in enumerate(members if net != "negative" else reversed(members)):
                self._shades[question_id, category_id] = shades[min(i, len(shades) - 1)]
        for category in categories:
            if category["missing_type"] is not None:
                self._shades[question_id, category["category_id"]] = MISSING_COLOURS.get(
                    category["missing_type"], MISSING_COLOURS["no_answer"]
                )
        rest = [c["category_id"] for c in categories if (question_id, c["category_id"]) not in self._shades]
        taken = {self._nominal[c] for c in rest if c in self._nominal}
        for category_id in rest:
            if category_id not in self._nominal:
                free = [colour for colour in NOMINAL if colour not in taken]
                self._nominal[category_id] = OTHER_COLOUR if category_id == "other" or not free else free[0]
                taken.add(self._nominal[category_id])


def css_variables() -> str:
    """The theme as CSS custom properties."""
    values = {
        "ink": INK,
        "muted": MUTED,
        "rule": RULE,
        "paper": PAPER,
        "shade": SHADE,
        "link": LINK,
        "notice": NOTICE,
        "notice-ink": NOTICE_INK,
        "font": FONT,
        **{f"country-{country.lower()}": colour for country, colour in COUNTRY_COLOURS.items()},
        **{f"net-{net}": colour for net, colour in NET_COLOURS.items()},
        **{f"missing-{kind.replace('_', '-')}": colour for kind, colour in MISSING_COLOURS.items()},
    }
    return ":root {\n" + "".join(f"  --{name}: {value};\n" for name, value in values.items()) + "}\n"


def chart_config() -> dict[str, Any]:
    """The theme as a Vega-Lite configuration."""
    text = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "aria": False,
        "background": PAPER,
        "font": FONT,
        "axis": {
            **text,
            "gridColor": RULE,
            "domainColor": MUTED,
            "tickColor": MUTED,
            "labelLimit": 260,
            "labelSeparation": 4,
        },
        "legend": {**text, "labelLimit": 300, "orient": "bottom", "symbolOpacity": 1, "title": None},
        "header": {**text, "labelFontSize": 13},
        "title": {
            "color": INK,
            "fontSize": 14,
            "anchor": "start",
            "subtitleColor": MUTED,
            "subtitleFontSize": 12,
        },
        "text": {"color": INK, "fontSize": 11},
        "rule": {"color": INK},
        "view": {"stroke": None},
        "range": {"category": list(NOMINAL)},
    }
