"""The dbt files of the published figures, which follow from the seed `figures`: another figure is another row."""

from __future__ import annotations

from pathlib import Path

from kjpoll.common.seed_file import read_seed

FOLDER = Path("dbt_project/models/analysis/figures")
SEED = Path("dbt_project/seeds/analysis/figures.csv")
MACRO = Path("dbt_project/macros/functions/figure_tables.sql")
ORIGIN = "Written by `kjpoll figures --write` from seeds/analysis/figures.csv."


def figure_files(root: Path) -> dict[Path, str]:
    """The files that the seed asks for: path relative to `root` -> text.

    The columns of a figure are those of figure_point in models.yml. Raises OSError where that is
    missing, SeedError for a seed that cannot be read.
    """
    figures = {f"figure_{int(row['figure']):02d}": row["figure"] for row in read_seed(root / SEED)}
    columns = (root / FOLDER / "models.yml").read_text(encoding="utf-8").partition("    columns:\n")[2]
    files = {
        FOLDER / f"{table}.sql": f"select * from {{{{ ref('figure_point') }}}} where figure = {figure}\n"
        for table, figure in figures.items()
    }
    files[FOLDER / "figures.yml"] = _yaml(figures, columns)
    files[MACRO] = (
        f"{{# The tables of the published figures. {ORIGIN} #}}\n"
        f"{{% macro figure_tables() %}}{{{{ return({list(figures)}) }}}}{{% endmacro %}}\n"
    )
    return files


def stale_files(root: Path) -> dict[Path, str | None]:
    """The files that are missing or hold another text, with the text that they should hold; None: should not be there."""
    wanted = figure_files(root)
    written = {path.relative_to(root) for path in (root / FOLDER).glob("figure_[0-9]*.sql")}
    stale: dict[Path, str | None] = {path: None for path in sorted(written - wanted.keys())}
    for path, text in wanted.items():
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text:
            stale[path] = text
    return stale


def write_figure_files(root: Path) -> list[Path]:
    """Bring the files up to date; those that were written or removed. Raises OSError."""
    stale = stale_files(root)
    for path, text in stale.items():
        if text is None:
            (root / path).unlink()
        else:
            (root / path).write_text(text, encoding="utf-8")
    return list(stale)


def _yaml(figures: dict[str, str], columns: str) -> str:
    if not figures:
        return f"# {ORIGIN}\nmodels: []\nexposures: []\n"
    models = [
        f"  - name: {table}\n"
        f'    description: "One row per sample and option of figure {figure}; seeds.figures gives its title."\n'
        + (
            "    config: *figure_config\n    columns: *figure_columns\n"
            if at
            else "    config: &figure_config {meta: {keys: [[sample_id, option_id]]}}\n"
            f"    columns: &figure_columns\n{columns}"
        )
        for at, (table, figure) in enumerate(figures.items())
    ]
    exposures = [
        f"  - name: published_{table}\n"
        f'    label: "Figure {figure}"\n'
        "    type: analysis\n"
        "    maturity: high\n"
        f'    description: "Figure {figure} of the published analysis; seeds.figures gives its title."\n'
        f"    depends_on: [ref('{table}')]\n"
        "    owner: {name: kjpoll}\n"
        for table, figure in figures.items()
    ]
    return f"# {ORIGIN}\nmodels:\n{''.join(models)}\nexposures:\n{''.join(exposures)}"
