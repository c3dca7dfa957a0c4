"""Chromium without a window, driven over its own DevTools protocol: what a person sees, clicks and types.

Clicks are real mouse events in the middle of what is shown, so what is covered, disabled or off the page cannot be
clicked. Waiting is always for something seen.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.25
VISIBLE = """
(() => {
  const wanted = %s, within = %s, exact = %s;
  const says = e => (e.innerText || e.value || e.placeholder || e.getAttribute('aria-label') || '').trim();
  const shown = e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0; };
  const found = [...document.querySelectorAll(within)].filter(
    e => shown(e) && (exact ? says(e) === wanted : says(e).includes(wanted)) && !e.disabled);
  if (!found.length) return null;
  const e = found[found.length - 1];
  e.scrollIntoView({block: 'center', inline: 'center'});
  const b = e.getBoundingClientRect();
  return [b.x + b.width / 2, b.y + b.height / 2];
})()
"""


def chromium() -> str | None:
    """Where Chromium is installed, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Page:
    """One page of a browser."""

    socket: ClientConnection
    asked: int = field(default=0)

    def open(self, address: str) -> None:
        self._ask("Page.navigate", url=address)

    def text(self) -> str:
        """What is written on the page."""
        return str(self.run("document.body ? document.body.innerText : ''"))

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, *texts: str, seconds: float = WAIT_SECONDS) -> str:
        """The page's text once all of these are on it."""
        until = time.monotonic() + seconds
        while True:
            text = self.text()
            missing = [wanted for wanted in texts if wanted not in text]
            if not missing:
                return text
            assert time.monotonic() < until, f"not on the page: {missing}; it says:\n{text[:3000]}"
            time.sleep(LOOK_SECONDS)

    def wait_for_gone(self, text: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until the page says this no longer."""
        until = time.monotonic() + seconds
        while text in self.text():
            assert time.monotonic() < until, f"still on the page: {text}"
            time.sleep(LOOK_SECONDS)

    def click(
        self,
        text: str,
        within: str = "button, a, label, [role=button]",
        exact: bool = True,
        seconds: float = WAIT_SECONDS,
    ) -> None:
        """Click the last shown element that says this, once there is one."""
        until = time.monotonic() + seconds
        script = VISIBLE % (json.dumps(text), json.dumps(within), json.dumps(exact))
        place = self.run(script)
        while place is None:
            assert time.monotonic() < until, (
                f"nothing to click says {text!r}; the page:\n{self.text()[:3000]}"
            )
            time.sleep(LOOK_SECONDS)
            place = self.run(script)
        time.sleep(LOOK_SECONDS)
        x, y = self.run(script) or place
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._ask(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="none" if kind == "mouseMoved" else "left",
                clickCount=0 if kind == "mouseMoved" else 1,
            )  # fmt: skip

    def type(self, text: str) -> None:
        """Replace what the focused field holds."""
        self.run("document.activeElement.select && document.activeElement.select()")
        self._ask("Input.insertText", text=text)

    def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def size(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, path: Path) -> Path:
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))
        return path

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv(timeout=WAIT_SECONDS))
            if answer.get("id") == self.asked:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result


@contextmanager
def browser(folder: Path, width: int = 1500, height: int = 1000) -> Iterator[Page]:
    """A page of a fresh browser that keeps what it stores in `folder`; stopped in every case."""
    program = chromium()
    assert program is not None
    words = [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_page_address(folder), max_size=None) as socket:
            page = Page(socket)
            page.size(width, height)
            yield page
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _page_address(folder: Path) -> str:
    """The address of the first page's protocol, once the browser listens."""
    until = time.monotonic() + WAIT_SECONDS
    said = folder / "DevToolsActivePort"
    while not (said.exists() and len(said.read_text().split()) == 2):
        assert time.monotonic() < until, "Chromium did not start"
        time.sleep(LOOK_SECONDS)
    port = int(said.read_text().split()[0])
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            pages = [t["webSocketDebuggerUrl"] for t in json.load(answer) if t["type"] == "page"]
        if pages:
            return str(pages[0])
        assert time.monotonic() < until, "Chromium shows no page"
        time.sleep(LOOK_SECONDS)
