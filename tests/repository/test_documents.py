"""Every link leads to something, and every file says the same version and licence."""

import re
from collections.abc import Iterator
from pathlib import Path

import kjpoll
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDERS = (".github", "benchmarks", "data", "dbt_project", "docs", "python_models", "tests")
PAGES = sorted(
    [*CHECKOUT.glob("*.md"), *(page for folder in FOLDERS for page in (CHECKOUT / folder).rglob("*.md"))]
)
PAGES = [page for page in PAGES if "node_modules" not in page.parts and "target" not in page.parts]
CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    return CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(prose(page)):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_every_link_to_the_project_leads_to_something(page):
    assert list(broken_links(page)) == []


def test_a_broken_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# What is here?\n[a](page.md#what-is-here) [b](#gone) [c](gone.md)\n", encoding="utf-8")
    assert list(broken_links(page)) == ["#gone", "gone.md"]


def test_every_file_says_the_same_version():
    citation = (CHECKOUT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, *_ = re.findall(r"^## (\d\S*)", changelog, re.MULTILINE)
    assert re.findall(r"^version: (\S+)$", citation, re.MULTILINE) == [newest] == [kjpoll.__version__]


def test_every_file_says_the_same_licence():
    citation = (CHECKOUT / "CITATION.cff").read_text(encoding="utf-8")
    package = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    code, *_ = re.findall(r'^license = "(\S+) AND ', package, re.MULTILINE)
    assert re.findall(r"^license: (\S+)$", citation, re.MULTILINE) == [code]
    assert (CHECKOUT / "LICENSE").read_text(encoding="utf-8").startswith(f"{code} License\n")
