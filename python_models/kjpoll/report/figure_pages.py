"""The published figures: an index with small pictures, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable

from kjpoll.report import theme
from kjpoll.report.charts import svg_file
from kjpoll.report.downloads import comma_separated
from kjpoll.report.figure_charts import country_chart, letter
from kjpoll.report.figure_data import Figure, figures
from kjpoll.report.line_charts import SMALLEST_ON_A_LINE, known_points
from kjpoll.report.site import Page, Section, Site

SECTION = Section(
    "Figures",
    "figures/index.html",
    "Each figure of the published analysis redrawn, with intervals, breaks, data and query.",
)


def pages(site: Site) -> Iterable[Page]:
    drawn = [*figures(site)]
    yield Page(SECTION.path, "The published figures", "figures.html.j2", {"figures": drawn})
    for at, figure in enumerate(drawn):
        charts = [
            site.chart(
                country_chart(figure, country), f"{figure.name}-{country.lower()}", figure.alt(country)
            )
            for country in figure.countries
        ]
        subtitle = " ".join(
            filter(
                None,
                [
                    "Per cent, with 95% intervals.",
                    "Dashed upright: not comparable across it." if figure.is_trend and figure.breaks else "",
                    "Synthetic records; hollow or pale: assumed." if site.release["synthetic"] else "",
                ],
            )
        )
        site.write(
            f"figures/{figure.name}.svg",
            svg_file(f"Figure {figure.number}. {figure.title}", subtitle, charts),
        )
        site.write(f"figures/{figure.name}.csv", comma_separated(figure.rows))
        site.write(f"figures/{figure.name}.sql", figure.sql)
        yield Page(
            f"figures/{figure.name}.html",
            f"Figure {figure.number}: {figure.title}",
            "figure.html.j2",
            {
                "figure": figure,
                "charts": charts,
                "subtitle": subtitle,
                "known": known_points(figure.rows),
                "labels": {series.series: series.label for series in figure.series},
                "breaks": {
                    country: [*zip(map(letter, range(26)), figure.breaks_of(country), strict=False)]
                    for country in figure.countries
                    if figure.breaks_of(country)
                },
                "one_country": theme.COUNTRY_NAMES[figure.countries[0]]
                if len(figure.countries) == 1
                else None,
                "smallest": SMALLEST_ON_A_LINE,
                "claims": claims(site, figure),
                "before": drawn[at - 1] if at else None,
                "after": drawn[at + 1] if at + 1 < len(drawn) else None,
            },
        )


def claims(site: Site, figure: Figure) -> dict[str, int]:
    """How many published percentages of the figure were compared with the warehouse, and how many agree."""
    return site.rows(
        "select count(*) filter (eligible) as eligible, count(*) filter (agrees) as agrees "
        "from quality.reconciliation_topline "
        "where published_in = 'toplines' and question_id = ? and wave between ? and ?",
        [figure.question["question_id"], figure.question["first_wave"], figure.question["last_wave"]],
    )[0]
