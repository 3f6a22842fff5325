"""The small project with a wave to review on a page, and somebody who visits that page by HTTP."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kjpoll.common.seed_file import read_seed
from kjpoll.onboarding import add_wave as wave_module
from kjpoll.onboarding.page import reviewing as reviewing_module
from kjpoll.onboarding.page.review_app import create_app
from kjpoll.onboarding.page.reviewing import Reviewing
from kjpoll.onboarding.profile import FileProfile, VariableProfile
from kjpoll.onboarding.propose import Proposal, Proposals
from kjpoll.onboarding.review import decisions

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, variable, write

TOKEN, PORT = "a-token", 8765
ORIGIN = f"http://127.0.0.1:{PORT}"
HOSTILE = "Q1. <script>alert(1)</script> \"quoted\" & 'so'"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


def profile() -> FileProfile:
    """The file of the small project with a label that is markup, and a column to be ignored."""
    of_file = review_project.profile(Q1=HOSTILE)
    remarks = VariableProfile("TEXT", 6, "Remarks", {}, {f"text {n}": 1 for n in range(1000)})
    return replace(of_file, variables=(*of_file.variables, remarks))


def proposed(sample_row: Mapping[str, str], of_file: FileProfile, history: object) -> Proposals:
    """As the small project proposes it; of AGE it is not sure, and TEXT is to be ignored."""
    proposals = review_project.proposed(sample_row, of_file, history)
    row = variable(sample_row["sample_id"], "TEXT", "ignored", review="proposed", note="open text")
    ignored = Proposal(row, 0.99, "such columns were ignored", None, 0.0, False)
    least = [
        replace(proposal, score=0.6) if proposal.row["variable"] == "AGE" else proposal
        for proposal in proposals.proposals
    ]
    return replace(proposals, proposals=(*least, ignored))


class Earlier(review_project.History):
    """The earlier files, where the sample itself is not left out."""

    @classmethod
    def of_project(cls, root: Path) -> Earlier:
        return cls()


def make(root: Path, monkeypatch) -> Path:
    """The project in `root` after its wave was taken in, with labels in two languages."""
    delivered = review_project.make(root)
    write(
        root,
        "report/languages",
        [
            {"language": "en", "language_order": "1", "name": "English"},
            {"language": "fr", "language_order": "2", "name": "Français"},
        ],
    )
    questions = read_seed(root / "dbt_project/seeds/survey/questions.csv")
    write(root, "survey/questions", [{**row, "label_fr": f"Sur {row['question_id']}"} for row in questions])
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    monkeypatch.setattr(wave_module, "detect", review_project.detection)
    monkeypatch.setattr(wave_module, "profile_file", lambda path, sample: profile())
    monkeypatch.setattr(wave_module, "History", review_project.History)
    monkeypatch.setattr(wave_module, "propose", proposed)
    monkeypatch.setattr(decisions, "profile_file", lambda path, sample: profile())
    monkeypatch.setattr(reviewing_module, "History", Earlier)
    for module in (wave_module, decisions, reviewing_module):
        monkeypatch.setattr(module, "label_faults", lambda *arguments: {})
    wave_module.add_wave(root, wave_module.Delivery(delivered, 2023, "KOR"), today=datetime.date(2023, 11, 2))
    return root


class Visitor:
    """Somebody at this machine who was told the address."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reviewing = Reviewing(root)
        self.client = create_app(self.reviewing, TOKEN, PORT).test_client()
        self.seen = ""

    def get(self, path: str = "", *, status: int = 200) -> str:
        """The text of a page; remembers the version of its forms."""
        answer = self.client.get(f"/{TOKEN}/{path}", base_url=ORIGIN)
        assert answer.status_code == status, answer.text
        self.seen = found[1] if (found := SEEN.search(answer.text)) else self.seen
        return answer.text

    def post(self, path: str, status: int = 303, **form: str) -> str:
        """Send a form of the page that was looked at last; gives the text of the answer, or where it leads to."""
        answer = self.client.post(
            f"/{TOKEN}/{path}", base_url=ORIGIN, headers={"Origin": ORIGIN}, data={"seen": self.seen, **form}
        )
        assert answer.status_code == status, answer.text
        return answer.headers.get("Location", answer.text).removeprefix(f"/{TOKEN}/")

    def number(self, name: str) -> int:
        """The number of the block that has a column."""
        rows = self.reviewing.view().pending.survey.rows_of(NEW)
        return next(number for number, row in enumerate(rows) if row["variable"] == name)

    def decide(self, name: str, action: str, status: int = 303, **form: str) -> str:
        """Open the block of a column and send one of its forms."""
        number = self.number(name)
        self.get(f"block/{number}")
        return self.post(f"block/{number}/{action}", status, **form)

    def group(self, name: str) -> set[str]:
        """The columns of the blocks in a group of the overview."""
        blocks = self.reviewing.view().groups.get(name, [])
        return {variable for block in blocks for variable in block.variables}

    def states(self) -> dict[str, str]:
        """column -> state of its block."""
        return {name: block.state for block in self.reviewing.view().blocks for name in block.variables}
