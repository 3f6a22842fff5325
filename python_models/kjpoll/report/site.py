"""From a released warehouse to a folder of pages that need no server and no network.

Each page module has a `SECTION` (its place in the navigation) and a function `pages(site)` that yields pages.
The same warehouse gives the same bytes: nothing else is read, the clock included.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import duckdb
import jinja2
import pandas

from kjpoll.report import fonts, theme
from kjpoll.report.charts import Chart, Drawing, draw, library
from kjpoll.tables.numbers import percent

HERE = Path(__file__).parent
# In the order of the navigation.
MODULES = (
    "overview",
    "figure_pages",
    "tables_pages",
    "codebook",
    "explorer",
    "quality",
    "methods",
)
DBT_DOCS_DIR = "dbt"
"""The folder of the site that another command writes (`make docs`): it stays, and is linked if it is there."""


class ReportError(Exception):
    """The report cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Section:
    """An entry of the navigation; the overview says with `summary` what is there."""

    title: str
    path: str
    summary: str = ""


@dataclass(frozen=True)
class Page:
    """One page: its place in the site, and what its template is given beside the frame's own names."""

    path: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


DBT_DOCS = Section(
    "dbt documentation", f"{DBT_DOCS_DIR}/index.html", "Every table and column, and how each is made."
)


class Site:
    """What the page modules are given: warehouse (read only), release, templates, charts, a folder."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        sections: Sequence[Section],
        linked: Sequence[Section] = (),
        engine: Path | None = None,
    ):
        self.connection = connection
        self.folder = folder
        self.sections = tuple(sections)
        self.linked = tuple(linked)
        self.engine = engine
        self.written: set[str] = set()
        self.letters: set[str] = set()
        self.release = self.rows("select * from quality.release order by built_at desc limit 1")[0]
        self.colours = theme.CategoryColours(
            self.rows("select question_id, category_id, position, net, missing_type from marts.dim_category")
        )
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.globals.update(
            release=self.release,
            sections=self.sections,
            linked=self.linked,
            synthetic=self.release["synthetic"],
            synthetic_samples=self.rows("select count(*) as n from marts.dim_sample where synthetic")[0]["n"],
            country_names=theme.COUNTRY_NAMES,
        )
        self.environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
        self.environment.filters.update(number=number, percent=percent, weblink=weblink)

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> list[dict[str, Any]]:
        """The answer to a query, one dict per row with the columns' names as keys; NULL is None."""
        cursor = self.connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def frame(self, sql: str, parameters: Sequence[Any] | None = None) -> pandas.DataFrame:
        """The answer to a query as a data frame."""
        return self.connection.execute(sql, parameters).df()

    def chart(self, drawing: Drawing, chart_id: str, alt: str) -> Chart:
        """Draw an Altair chart: static SVG with the interactive one's specification beside it.

        `chart_id` is unique within its page; `alt` says in words, with the numbers, what the chart shows.
        """
        return draw(drawing, chart_id, alt)

    def path(self, path: str) -> Path:
        """The place of a file that the caller writes. ReportError: taken already, or outside the site."""
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or parts.parts[0] == DBT_DOCS_DIR:
            raise ReportError(
                f"{path}: a page is written below the site's folder, and not to {DBT_DOCS_DIR}/"
            )
        if path in self.written:
            raise ReportError(f"{path}: two pages of the report have this name")
        self.written.add(path)
        target = self.folder / parts
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the site; text as UTF-8, and its letters are shown."""
        if isinstance(content, str):
            self.letters.update(content)
        self.path(path).write_bytes(content.encode() if isinstance(content, str) else content)

    def write_page(self, page: Page, section: Section) -> None:
        """Render a page and write it."""
        root = "../" * (len(PurePosixPath(page.path).parts) - 1)
        template = self.environment.get_template(page.template)
        self.write(
            page.path, template.render(page.context | {"root": root, "page": page, "section": section})
        )


def number(value: int | None) -> str:
    """A count with its thousands apart."""
    return "" if value is None else f"{value:,}"


def weblink(address: str) -> str:
    """An address that is safe to link: of the web, or nowhere. Escaping alone lets `javascript:` pass."""
    return address if address.startswith(("https://", "http://")) else "#"


def build_site(
    warehouse: Path,
    out: Path,
    modules: Iterable[str] = MODULES,
    progress: Callable[[str], None] = lambda title: None,
    engine: Path | None = None,
) -> list[Path]:
    """Write the site of a released warehouse to the folder `out`; the files written, in order of their names.

    `progress` gets the title of each section before its pages are made. A site that stands there is
    replaced only after all pages are made. ReportError: no released warehouse, or `out` holds something else.
    """
    check_replaceable(out)
    site_dir = out.absolute()
    new, old = site_dir.with_name(f".{site_dir.name}.new"), site_dir.with_name(f".{site_dir.name}.old")
    shutil.rmtree(new, ignore_errors=True)
    loaded = [import_module(f"kjpoll.report.{module}") for module in modules]
    linked = [DBT_DOCS] if (out / DBT_DOCS_DIR / "index.html").is_file() else []
    with opened(warehouse) as connection:
        try:
            site = Site(connection, new, [module.SECTION for module in loaded], linked, engine)
            write_pages(site, loaded, progress)
        except BaseException as error:
            shutil.rmtree(new, ignore_errors=True)
            if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
                raise ReportError(
                    f"{warehouse}: lacks what the report shows, so another version of the project "
                    f"released it; `make build` releases it again ({str(error).splitlines()[0]})"
                ) from error
            raise
    replace(site_dir, new, old)
    return [out / path for path in sorted(site.written)]


def replace(site_dir: Path, new: Path, old: Path) -> None:
    """Put the new site in its place, with DBT_DOCS_DIR of the old one, in two renames."""
    if (site_dir / DBT_DOCS_DIR).is_dir():
        (site_dir / DBT_DOCS_DIR).rename(new / DBT_DOCS_DIR)
    if site_dir.exists():
        shutil.rmtree(old, ignore_errors=True)
        site_dir.rename(old)
    new.rename(site_dir)
    shutil.rmtree(old, ignore_errors=True)


def write_pages(site: Site, modules: Iterable[ModuleType], progress: Callable[[str], None]) -> None:
    sheet = (HERE / "assets" / "site.css").read_text(encoding="utf-8")
    site.write("assets/site.css", fonts.style() + theme.css_variables() + sheet)
    site.write("assets/vega.js", library())
    for asset in sorted((HERE / "assets").iterdir()):
        if asset.name != "site.css":
            site.write(f"assets/{asset.name}", asset.read_text(encoding="utf-8"))
    for module in modules:
        progress(module.SECTION.title)
        for page in module.pages(site):
            site.write_page(page, module.SECTION)
    progress("Fonts")
    site.write(f"assets/fonts/{fonts.LICENCE}", (fonts.FONTS / fonts.LICENCE).read_bytes())
    for file, _ in fonts.FAMILIES.values():
        site.write(f"assets/fonts/{file}", fonts.subset(file, fonts.shown(site.letters)))


def opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    if not warehouse.is_file():
        raise ReportError(
            f"{warehouse}: no such warehouse; `make build` releases one, --warehouse names another"
        )
    try:
        connection = duckdb.connect(warehouse, read_only=True)
    except duckdb.Error as error:
        raise ReportError(f"{warehouse}: not a warehouse that can be read: {error}") from error
    connection.execute("set TimeZone = 'UTC'")
    if not connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'quality' and table_name = 'release'"
    ).fetchall():
        connection.close()
        raise ReportError(f"{warehouse}: holds no release (quality.release); `make build` makes one")
    return connection


def check_replaceable(out: Path) -> None:
    is_site = (out / "assets" / "site.css").is_file()
    if out.exists() and not (out.is_dir() and (is_site or set(os.listdir(out)) <= {DBT_DOCS_DIR})):
        raise ReportError(
            f"{out}: holds something that is not a report, which would be lost; name another folder"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
