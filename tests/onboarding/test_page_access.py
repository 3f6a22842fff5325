"""The page answers to one person at this machine: by its token, its own names, its own forms; looking writes nothing."""

import threading
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.cli.review_page import review_server
from kjpoll.onboarding.page.access import HEADERS

from tests.onboarding import page_visitor
from tests.onboarding.page_visitor import HOSTILE, ORIGIN, PORT, TOKEN, Visitor
from tests.onboarding.review_project import files


@pytest.fixture
def visitor(tmp_path, monkeypatch):
    return Visitor(page_visitor.make(tmp_path / "project", monkeypatch))


PAGES = (
    "",
    "?q=mood",
    "sample",
    "write",
    *(f"block/{number}" for number in range(7)),
    "block/2?question_id=cars",
)


def test_looking_writes_nothing(visitor):
    before = files(visitor.root)
    for page in PAGES:
        assert "<!doctype html>" in visitor.get(page)
    visitor.get("block/99", status=404)
    assert files(visitor.root) == before


@pytest.mark.parametrize("path", ["/", "/wrong/", "/a-toke%C3%A9/", f"/{TOKEN}x/write", "/nothing/at/all"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_token_nothing_is_shown_or_done(visitor, path, method):
    visitor.get()
    answer = visitor.client.open(
        path, method=method.upper(), base_url=ORIGIN, headers={"Origin": ORIGIN}, data={"seen": visitor.seen}
    )
    assert (answer.status_code, answer.mimetype) == (403, "text/plain")
    assert "open the one that kjpoll review --web printed" in answer.text


@pytest.mark.parametrize(
    "host",
    ["example.org", f"example.org:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1:{PORT}.example.org", f"0.0.0.0:{PORT}"],
)  # fmt: skip
def test_under_another_name_it_does_not_answer(visitor, host):
    answer = visitor.client.get(f"/{TOKEN}/", headers={"Host": host})
    assert answer.status_code == 403 and "KOR" not in answer.text
    static = visitor.client.get("/static/review.css", headers={"Host": host})
    assert static.status_code == 403


def test_it_answers_to_localhost_too(visitor):
    assert visitor.client.get(f"/{TOKEN}/", base_url=f"http://localhost:{PORT}").status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://example.org", "http://127.0.0.1:1", f"https://127.0.0.1:{PORT}"]
)
def test_a_form_of_another_page_does_nothing(visitor, origin):
    visitor.get("sample")
    before = files(visitor.root)
    answer = visitor.client.post(
        f"/{TOKEN}/sample",
        base_url=ORIGIN,
        headers={"Origin": origin} if origin else {},
        data={"seen": visitor.seen, "mode": "web"},
    )
    assert answer.status_code == 403 and "nothing was done" in answer.text
    assert files(visitor.root) == before


@pytest.mark.parametrize("path", ["sure", "block/1/accept", "back/0", "discard"])
def test_what_decides_takes_forms_alone(visitor, path):
    before = files(visitor.root)
    visitor.get(path, status=405)
    assert files(visitor.root) == before


def test_every_answer_is_closed_to_other_sites_and_loads_nothing_from_them(visitor):
    for path, status in (
        (f"/{TOKEN}/", 200),
        ("/static/keys.js", 200),
        ("/wrong/", 403),
        (f"/{TOKEN}/x", 404),
    ):
        answer = visitor.client.get(path, base_url=ORIGIN)
        sent = {name: answer.headers[name] for name in HEADERS}
        assert sent == HEADERS and answer.status_code == status
    for page in PAGES:
        text = visitor.get(page)
        assert "http:" not in text and "https:" not in text and "style=" not in text and "onclick" not in text


def test_what_stands_in_a_file_is_text_and_never_markup(visitor):
    for page in ("", "block/1", "block/1?question_id=mood", "write"):
        text = visitor.get(page)
        assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in visitor.get("block/1")
    bad = '"><script>alert(2)</script>'
    answer = visitor.decide("Q1", "correct", 422, note=bad, question_id="mood")
    assert "<script>alert" not in answer
    visitor.decide("Q2", "ignore", note=bad)
    assert "<script>alert" not in visitor.get("write") and "alert(2)" in visitor.get("write")
    assert HOSTILE not in visitor.get()


def test_it_is_served_on_this_machine_alone_and_the_port_is_free(visitor):
    server, address = review_server(visitor.root, None, 0)
    with server:
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(Exception, match=rf"port {server.port} cannot be served: .*another with --port"):
            review_server(visitor.root, None, server.port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(address) as answer:
            assert "KOR-2023" in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/")
        server.shutdown()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--web", "--all"], "correct and accept without them"),
        (["--port", "8000"], "add --web"),
        (["--open"], "add --web"),
        (["--web", "--sample", "KOR-2022"], "KOR-2022 has no proposed rows; proposed rows are in KOR-2023"),
    ],
)
def test_what_does_not_go_with_the_page_is_said(visitor, options, error):
    done = CliRunner().invoke(main, ["review", *options, "--project", str(visitor.root)])
    assert done.exit_code != 0 and error in " ".join(done.output.split())
