"""Links and paths of the documents lead to something, and every file says the same version and licence."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import kjpoll
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDERS = (".ci", ".github", "benchmarks", "data", "dbt_project", "deploy", "docs", "python_models", "tests")
PAGES = sorted(
    [*CHECKOUT.glob("*.md"), *(page for folder in FOLDERS for page in (CHECKOUT / folder).rglob("*.md"))]
)
PAGES = [page for page in PAGES if "node_modules" not in page.parts and "target" not in page.parts]
CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path from the root that is set as code; what a build writes need not be there.
PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/(?!logs\b|target\b)[^`\s*<>]*)`")


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


def missing_paths(page: Path, root: Path = CHECKOUT) -> set[str]:
    return {path for path in PATH.findall(prose(page)) if not (root / path).exists()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_what_a_page_refers_to_is_there(page):
    assert list(broken_links(page)) == []
    assert missing_paths(page) == set()


def test_a_broken_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# What is here?\n[a](page.md#what-is-here) [b](#gone) [c](gone.md)\n", encoding="utf-8")
    assert list(broken_links(page)) == ["#gone", "gone.md"]


def test_a_missing_path_is_found(tmp_path):
    page = tmp_path / "docs/page.md"
    page.parent.mkdir()
    page.write_text("`docs/page.md` `docs/` `docs/gone.md` `build/site` `data/<wave>`\n", encoding="utf-8")
    assert missing_paths(page, tmp_path) == {"docs/gone.md"}


def test_every_target_of_make_on_the_pages_for_people_is_there():
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", (CHECKOUT / page).read_text("utf-8"), re.MULTILINE))
        assert named
        assert named <= targets, page


def test_the_page_on_the_architecture_names_every_folder_of_models_and_every_package():
    models, package = CHECKOUT / "dbt_project/models", CHECKOUT / "python_models/kjpoll"
    folders = {path.parent for path in models.rglob("*.sql")}
    folders |= {path.parent for path in package.glob("*/__init__.py")}
    assert len(folders) > 20
    named = {CHECKOUT / path for path in PATH.findall(prose(CHECKOUT / "docs/architecture.md"))}
    assert folders - named == set()


def steps(text: str) -> list[tuple[str, str]]:
    """(file, function) of each numbered line that names them."""
    return re.findall(r"^[0-9]+\. .*?`(python_models/\S+\.py)`: `([\w.]+)`", text, re.MULTILINE)


def faults_of_walk(walk: list[tuple[str, str]], root: Path) -> Iterator[str]:
    """Functions that are not there, and files that import a file which the walk came through before."""
    # What lists the steps calls them all.
    calling = {"onboarding.py", "add_wave.py", "__init__.py"}
    for number, (path, function) in enumerate(walk):
        module = ast.parse((root / path).read_text(encoding="utf-8"))
        defined = {getattr(node, "name", None) for node in ast.walk(module)}
        if not defined >= set(function.split(".")):
            yield f"{path} has no {function}"
        imported = {node.module for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
        for later, _ in walk[number + 1 :]:
            if Path(path).name not in calling and Path(later).stem in {
                str(name).split(".")[-1] for name in imported
            }:
                yield f"{path} imports the later {later}"


def test_the_walk_of_a_delivered_file_names_what_is_there_and_never_turns_back():
    walk = steps(prose(CHECKOUT / "docs/architecture.md"))
    assert len(walk) > 10
    assert list(faults_of_walk(walk, CHECKOUT)) == []


def test_a_walk_that_turns_back_is_found(tmp_path):
    (tmp_path / "python_models").mkdir()
    (tmp_path / "python_models/first.py").write_text(
        "from .second import b\n\ndef a(): ...\n", encoding="utf-8"
    )
    (tmp_path / "python_models/second.py").write_text("class B:\n    def b(self): ...\n", encoding="utf-8")
    walk = steps("1. `python_models/first.py`: `a`\n2. `python_models/second.py`: `B.b` and more `x`\n")
    assert list(faults_of_walk(walk, tmp_path)) == [
        "python_models/first.py imports the later python_models/second.py"
    ]
    assert list(faults_of_walk([("python_models/second.py", "B.c")], tmp_path)) == [
        "python_models/second.py has no B.c"
    ]


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


def test_the_readme_counts_rules_and_files_as_the_seeds_do():
    def rows(seed: str) -> int:
        with (CHECKOUT / "dbt_project/seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
            return sum(1 for _ in csv.DictReader(stream))

    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert {int(n) for n in re.findall(r"(\d+) rules", readme)} == {rows("quality/rules")}
    assert {int(n) for n in re.findall(r"(\d+) (?:wave )?files", readme)} == {rows("survey/samples")}
