"""Every tool of `make lint` fails on a planted fault; the constructs of one engine and the contracts have tests of their own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.project import CHECKOUT

BIN = Path(sys.executable).parent
NOBODY = ("-c", "user.name=nobody", "-c", "user.email=nobody@localhost")
STRICT = ("common", "ordinal", "landing", "checks")
FINE = "def planted(number: int) -> int:\n    return number\n"


def run(tool: str, *arguments: str, given: str | None = None, cwd: Path = CHECKOUT) -> tuple[int, str]:
    done = subprocess.run(
        [str(BIN / tool), *arguments], input=given, capture_output=True, text=True, cwd=cwd, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "fault", "named"),
    [
        (["check"], "import os\n", "F401"),
        (["check"], "import pytest\nimport os\n\nprint(os, pytest)\n", "I001"),
        (["check"], "def planted(found=[]):\n    return found\n", "B006"),
        (["format", "--check"], "x = {'a':1}\n", "Would reformat"),
    ],
    ids=["unused import", "order of imports", "mutable default", "format"],
)
def test_ruff(arguments, fault, named):
    at = ["--stdin-filename", "tests/planted.py", "-"]
    assert run("ruff", *arguments, *at, given=FINE)[0] == 0
    code, said = run("ruff", *arguments, *at, given=fault)
    assert code == 1 and (named in said or arguments[0] == "format")


def test_mypy(tmp_path):
    """Strictly in four packages; elsewhere what has no types passes, and its faults do not."""
    untyped, wrong = "def planted(number):\n    return number\n", "def planted():\n    return 1 + 'a'\n"
    faults = {f"{package}/planted.py": (untyped, "no-untyped-def") for package in STRICT}
    faults["report/planted.py"] = wrong, "operator"
    faults["report/unplanted.py"] = untyped, ""
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    root = tmp_path / "python_models" / "kjpoll"
    for path, (fault, _) in faults.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(fault, encoding="utf-8")
        (root / path).with_name("sound.py").write_text(FINE, encoding="utf-8")
        # The package that is installed is not to be read for it.
        (root / path).with_name("__init__.py").touch()
    (root / "__init__.py").touch()
    code, said = run("mypy", cwd=tmp_path)
    found = dict(re.findall(r"^python_models/kjpoll/(\S+?):.* error: .*\[([\w-]+)\]$", said, re.MULTILINE))
    assert code == 1
    assert found == {path: named for path, (_, named) in faults.items() if named}


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("select\n    a,\n  b\nfrom {{ ref('answer') }}\n", "LT02"),
        ("SELECT a from {{ ref('answer') }}\n", "CP01"),
        ("select a b from {{ ref('answer') }}\n", "AL02"),
        ("select a from {{ ref('answer') }} where group\n", "PRS"),
        ("select {{ no_macro(1) }} from t\n", "TMP"),
    ],
    ids=["indent", "capitals", "hidden alias", "no SQL", "no macro"],
)
def test_sqlfluff(fault, named):
    at = ["lint", "--disable-progress-bar", "--stdin-filename", "dbt_project/models/planted.sql", "-"]
    code, said = run("sqlfluff", *at, given=fault)
    assert code == 1 and named in said, said


def test_sqlfluff_takes_a_sound_model():
    at = ["lint", "--disable-progress-bar", "--stdin-filename", "dbt_project/models/planted.sql", "-"]
    code, said = run("sqlfluff", *at, given="select {{ csv_cell('a') }} as a from {{ ref('answer') }}\n")
    assert code == 0, said


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("a: 1\na: 2\n", "key-duplicates"),
        ("a: &unused 1\n", "anchors"),
        ("a:\n", "empty-values"),
        ("a: 010\n", "octal-values"),
        ("a:   1\n", "colons"),
    ],
)
def test_yamllint(fault, named):
    assert run("yamllint", "--strict", "-", given="a: 1\n")[0] == 0
    code, said = run("yamllint", "--strict", "-", given=fault)
    assert code == 1 and named in said, said


def test_make_test_lints_and_every_tool_is_one_of_lint():
    done = subprocess.run(
        ["make", "--dry-run", "test", f"BIN={BIN}"],
        capture_output=True, text=True, cwd=CHECKOUT, check=True)  # fmt: skip
    tools = ("mypy", "sqlfluff lint", "ruff check", "ruff format --check", "lint-imports", "yamllint --strict",
             "python -m tests.support.engine_constructs")  # fmt: skip
    assert [tool for tool in tools if f"{BIN}/{tool}" not in done.stdout] == []


@pytest.mark.parametrize(
    ("changed", "linted"),
    [
        ("dbt_project/models/marts/changed.sql", "dbt_project/models/marts/changed.sql"),
        ("dbt_project/macros/changed.sql", "dbt_project/models dbt_project/tests docs/first_query.sql"),
        ("README.md", None),
    ],
    ids=["model", "macro", "page"],
)
def test_only_changed_sql_is_linted_unless_a_macro_changed(tmp_path, changed, linted):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(CHECKOUT / name, tmp_path)
    for path in (changed, "dbt_project/models/marts/same.sql"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("select 1 as a\n", encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "--all"], [*NOBODY, "commit", "--quiet", "--message=a"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / changed).write_text("select 2 as a\n", encoding="utf-8")
    done = subprocess.run(
        ["make", "--dry-run", "lint-changed", f"BIN={BIN}"],
        capture_output=True, text=True, cwd=tmp_path, check=True)  # fmt: skip
    found = re.findall(r"sqlfluff lint --disable-progress-bar --processes 2 (.*)$", done.stdout, re.MULTILINE)
    assert found == ([linted] if linted else [])


def test_every_tool_runs_before_a_commit():
    (linters,) = re.findall(
        r"^LINTERS := (.*)$", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    hooks = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    entries = [hook["entry"].removeprefix("make --silent ") for hook in hooks]
    assert sorted(entry if "sqlfluff" not in entry else "lint-sql" for entry in entries) == sorted(
        linters.split()
    )
