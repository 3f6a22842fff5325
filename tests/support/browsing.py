"""A headless Chromium that says what a page wrote to its console and what it asked of others."""

from __future__ import annotations

import re
import shutil
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions",
    "--disable-features=AutofillServerCommunication,OptimizationHints,MediaRouter,Translate",
    "--window-size=1280,1000",
)  # fmt: skip
# What Chromium asks of its makers all the same, whatever the page.
ITS_OWN = {
    "accounts.google.com", "android.clients.google.com", "clients2.google.com", "content-autofill.googleapis.com", "start.duckduckgo.com",
    "redirector.gvt1.com", "update.googleapis.com", "www.google.com",
}  # fmt: skip
PATIENCE = 120


def programs() -> tuple[str, str] | None:
    """The paths of Chromium and of its driver; None where one is missing."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    driver = shutil.which("chromedriver")
    return (chromium, driver) if chromium and driver else None


def host(line: str) -> str:
    """The machine that a line of HTTP asks: `GET http://host/path HTTP/1.1` or `CONNECT host:443 HTTP/1.1`."""
    return re.sub(r"^\w+ (\w+://)?", "", line).partition("/")[0].partition(":")[0].partition(" ")[0]


class Elsewhere(socketserver.ThreadingTCPServer):
    """A proxy through which the browser reaches everything but this machine: it notes the request and refuses.

    The browser's own log would not do: it leaves out what workers ask for.
    """

    daemon_threads = True

    def __init__(self):
        self.requests: list[str] = []
        super().__init__(("127.0.0.1", 0), Refusal)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Refusal(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.requests.append(self.rfile.readline(1000).decode("latin-1").strip())
        self.wfile.write(b"HTTP/1.1 502 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class Browser:
    """One Chromium with a profile of its own, in the folder `profile`; close it with `quit`."""

    def __init__(self, chromium: str, driver: str, profile: Path):
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        self.elsewhere = Elsewhere()
        proxy = f"--proxy-server=http://127.0.0.1:{self.elsewhere.server_address[1]}"
        for flag in (*FLAGS, proxy, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"download.default_directory": str(profile / "downloads")})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))
        self.driver.set_script_timeout(PATIENCE)

    def quit(self) -> None:
        self.driver.quit()
        self.elsewhere.shutdown()
        self.elsewhere.server_close()

    def open(self, address: str) -> None:
        """Load a page again; the part after # alone would not load it."""
        self.driver.get("about:blank")
        self.driver.get(address)

    def resize(self, width: int, height: int) -> None:
        """The size of the page itself, as on a phone."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700},
        )

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.driver.find_element(By.CSS_SELECTOR, selector).text

    def choose(self, selector: str, value: str) -> None:
        Select(self.driver.find_element(By.CSS_SELECTOR, selector)).select_by_value(value)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that a script returns."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for a condition; AssertionError with `what` and the page's console if it stays false."""
        try:
            return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.1).until(lambda _: condition())
        except Exception as error:
            raise AssertionError(f"{what}: {error}; console: {self.console()}") from error

    def console(self) -> list[str]:
        """What was written to the console since the last call: warnings and errors."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
        ]

    def foreign(self) -> list[str]:
        """What pages and workers asked of other machines since the last call, as lines of HTTP."""
        found, self.elsewhere.requests = self.elsewhere.requests, []
        return [line for line in found if line and host(line) not in ITS_OWN]
