"""A headless Chromium that says what a page wrote to its console and what it asked from where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions",
    "--window-size=1280,1000",
)  # fmt: skip
# What a page makes itself asks nobody.
LOCAL = ("data", "blob", "about")
PATIENCE = 120


def programs() -> tuple[str, str] | None:
    """The paths of Chromium and of its driver; None where one is missing."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    driver = shutil.which("chromedriver")
    return (chromium, driver) if chromium and driver else None


class Browser:
    """One Chromium with a profile of its own, in the folder `profile`; close it with `quit`."""

    def __init__(self, chromium: str, driver: str, profile: Path):
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"download.default_directory": str(profile / "downloads")})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))

    def quit(self) -> None:
        self.driver.quit()

    def open(self, address: str) -> None:
        """Open a page anew; the part after # alone would not load it."""
        self.driver.get("about:blank")
        self.told()
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

    def told(self) -> list[str]:
        """The addresses that pages and workers asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def foreign(self, origin: str) -> list[str]:
        """Those of `told` that go elsewhere."""
        return [
            address for address in self.told()
            if urlsplit(address).scheme not in LOCAL and not address.startswith(f"{origin}/")
        ]  # fmt: skip
