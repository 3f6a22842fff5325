"""The frame of the report: what it replaces and refuses, what every page carries; the verb and its server."""

import sys
import threading
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from click import ClickException
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.cli.site_server import server
from kjpoll.common.made_from import release_of_site
from kjpoll.report import Page, ReportError, Section, build_site

from tests.report.small_release import small_release
from tests.support.page_reader import read_page


@pytest.fixture
def warehouse(tmp_path):
    return small_release(tmp_path / "warehouse.duckdb")


@pytest.fixture
def module(monkeypatch):
    """module(pages): a page module of that name which writes a page for each path."""

    def add(name: str, *paths: str, written: tuple[str, ...] = (), error: Exception | None = None) -> str:
        def pages(site):
            for path in written:
                site.write(path, "text")
            for path in paths:
                yield Page(path, name.title(), "base.html.j2")
            if error:
                raise error

        made = SimpleNamespace(SECTION=Section(name.title(), (*paths, "index.html")[0]), pages=pages)
        monkeypatch.setitem(sys.modules, f"kjpoll.report.{name}", made)
        return name

    return add


def test_every_page_carries_the_frame(warehouse, module, tmp_path):
    build_site(
        warehouse, tmp_path / "site", [module("first", "index.html"), module("second", "deep/er/page.html")]
    )
    page = read_page(tmp_path / "site" / "deep" / "er" / "page.html")
    assert "Release abc123, built 3 February 2024, 04:05 UTC: 2 samples, 2,000 respondents" in page.text
    assert "The records of 1 of the 2 samples were made to match" in page.text
    links = {address.value for address in page.addresses if address.tag == "a"}
    assert links == {"#content", "../../index.html", "../../deep/er/page.html"}
    [current] = [element for element in page.root.all() if "aria-current" in element.attributes]
    assert current.text == "Second" and current["aria-current"] == "page"


def test_a_site_says_to_programs_of_which_release_it_is(warehouse, module, tmp_path):
    assert release_of_site(tmp_path / "site") is None
    build_site(warehouse, tmp_path / "site", [module("first", "index.html")])
    assert release_of_site(tmp_path / "site") == "abc123"


def test_real_records_are_not_called_synthetic(warehouse, module, tmp_path):
    with duckdb.connect(warehouse) as connection:
        connection.execute("update quality.release set synthetic = false")
        connection.execute("update marts.dim_sample set synthetic = false")
    build_site(warehouse, tmp_path / "site", [module("first", "index.html")])
    assert "ynthetic" not in read_page(tmp_path / "site" / "index.html").text


def test_a_site_is_replaced_and_the_documentation_of_dbt_kept_and_linked(warehouse, module, tmp_path):
    site = tmp_path / "site"
    build_site(warehouse, site, [module("first", "index.html", "old.html")])
    (site / "dbt").mkdir()
    (site / "dbt" / "index.html").write_text("made by dbt")
    written = build_site(warehouse, site, [module("first", "index.html")])
    assert site / "index.html" in written and not (site / "old.html").exists()
    assert (site / "dbt" / "index.html").read_text() == "made by dbt"
    assert "dbt documentation" in read_page(site / "index.html").text
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_report_that_fails_leaves_the_site_as_it_was(warehouse, module, tmp_path):
    site = tmp_path / "site"
    build_site(warehouse, site, [module("first", "index.html")])
    before = (site / "index.html").read_bytes()
    with pytest.raises(ZeroDivisionError):
        build_site(warehouse, site, [module("second", "index.html", "more.html", error=ZeroDivisionError())])
    assert (site / "index.html").read_bytes() == before and not (site / "more.html").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_with_something_else_is_not_replaced(warehouse, tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter1.tex").write_text("years of work")
    with pytest.raises(ReportError, match="thesis: holds something that is not a report"):
        build_site(warehouse, folder, [])
    assert (folder / "chapter1.tex").read_text() == "years of work"


@pytest.mark.parametrize("path", ["../outside.html", "/outside.html", "dbt/index.html"])
def test_a_page_stays_inside_the_site(warehouse, module, tmp_path, path):
    with pytest.raises(ReportError, match="below the site's folder"):
        build_site(warehouse, tmp_path / "site", [module("first", written=(path,))])
    assert not (tmp_path / "outside.html").exists()


def test_two_pages_of_one_name_are_reported(warehouse, module, tmp_path):
    with pytest.raises(ReportError, match="same.html: two pages"):
        build_site(
            warehouse, tmp_path / "site", [module("first", "same.html"), module("second", "same.html")]
        )


def test_a_missing_warehouse_a_broken_one_and_one_without_a_release(tmp_path):
    with pytest.raises(ReportError, match="none.duckdb: no such warehouse; `make build`"):
        build_site(tmp_path / "none.duckdb", tmp_path / "site")
    (tmp_path / "broken.duckdb").write_text("not a database")
    with pytest.raises(ReportError, match="broken.duckdb: not a warehouse that can be read"):
        build_site(tmp_path / "broken.duckdb", tmp_path / "site")
    duckdb.connect(tmp_path / "empty.duckdb").close()
    with pytest.raises(ReportError, match="empty.duckdb: holds no release"):
        build_site(tmp_path / "empty.duckdb", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_release_of_another_version_is_reported(warehouse, tmp_path):
    with pytest.raises(ReportError, match='warehouse.duckdb: lacks what the report shows.*"wave" not found'):
        build_site(warehouse, tmp_path / "site", modules=["overview"])
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]


def test_this_folder_is_no_place_for_a_site(warehouse, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReportError, match="holds something that is not a report"):
        build_site(warehouse, Path("."))
    assert warehouse.is_file()


def test_the_verb_tells_what_is_wrong(tmp_path):
    result = CliRunner().invoke(main, ["report", "--warehouse", str(tmp_path / "none.duckdb")])
    assert result.exit_code == 1 and "Error: " in result.output and "no such warehouse" in result.output


def test_the_server_names_the_types_that_browsers_insist_on_and_listens_on_this_machine_alone(tmp_path):
    types = {
        "a.wasm": "application/wasm",
        "a.js": "text/javascript",
        "a.svg": "image/svg+xml",
        "a.html": "text/html; charset=utf-8",
    }
    for name in types:
        (tmp_path / name).write_bytes(b"x")
    with server(tmp_path, 0) as serving:
        assert serving.server_address[0] == "127.0.0.1"
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        try:
            address = f"http://127.0.0.1:{serving.server_port}"
            for name, expected in types.items():
                with urllib.request.urlopen(f"{address}/{name}") as answer:
                    assert answer.headers["Content-Type"] == expected
            connection = HTTPConnection("127.0.0.1", serving.server_port)
            connection.request("GET", "/../../../etc/hostname")
            assert connection.getresponse().status == 404
            connection.close()
        finally:
            serving.shutdown()


def test_a_port_in_use_is_reported(tmp_path):
    with (
        server(tmp_path, 0) as serving,
        pytest.raises(ClickException, match=f"port {serving.server_port} cannot be served: .*--port"),
    ):
        server(tmp_path, serving.server_port)


@pytest.fixture
def asked(tmp_path):
    """asked(path, hosts): status, headers and text of the answer to a request of a served folder."""
    folder = tmp_path / "site"
    (folder / "dbt").mkdir(parents=True)
    for path in (folder / "index.html", folder / "dbt" / "index.html", tmp_path / "secret.txt"):
        path.write_text("content")
    with server(folder, 0) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()

        def ask(path: str, *hosts: str, method: str = "GET"):
            connection = HTTPConnection("127.0.0.1", serving.server_port)
            connection.putrequest(method, path, skip_host=True)
            for host in hosts:
                connection.putheader("Host", host.replace("PORT", str(serving.server_port)))
            connection.endheaders()
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return answer.status, answer.headers, text

        ask.folder = folder
        yield ask
        serving.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST", "localhost:9999"])
def test_the_server_answers_to_the_names_of_this_machine(asked, host):
    assert asked("/", host)[::2] == (200, "content")


@pytest.mark.parametrize(
    "hosts",
    [("evil.example:PORT",), ("localhost.evil.example",), ("127.0.0.1@evil.example",), ("[",), (), ("localhost", "evil.example")],
)  # fmt: skip
def test_under_another_name_the_server_says_its_own(asked, hosts):
    """A page of another site whose name was made to lead to this machine asks so."""
    for method in ("GET", "HEAD"):
        assert asked("/", *hosts, method=method)[0] == 403
    assert asked("/", *hosts)[2] == "This server answers to http://127.0.0.1/ and localhost alone.\n"


def test_no_link_leads_out_of_the_served_folder(asked):
    for name, target in (
        ("file.txt", "../secret.txt"),
        ("folder", ".."),
        ("loop", "loop"),
        ("same.html", "index.html"),
    ):
        (asked.folder / name).symlink_to(target)
    assert asked("/same.html", "localhost")[::2] == (200, "content")
    for path in ("/file.txt", "/folder/secret.txt", "/folder/", "/loop", "/%00"):
        status, _, text = asked(path, "localhost")
        assert status == 403 and text.endswith("or a link leads out of it.\n"), path


def test_every_answer_says_what_browsers_may_run(asked):
    for path, status in (("/index.html", 200), ("/none.html", 404)):
        answer = asked(path, "localhost")
        assert answer[0] == status and answer[1]["X-Content-Type-Options"] == "nosniff"
        scripts = answer[1]["Content-Security-Policy"].split("script-src ")[1].split(";")[0]
        assert scripts == "'self' 'wasm-unsafe-eval'"
    assert "'unsafe-eval'" in asked("/dbt/index.html", "localhost")[1]["Content-Security-Policy"]
