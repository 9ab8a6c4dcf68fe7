"""How does a bench talk to the real thing? Granian on a free port of the loopback, keep-alive HTTP, demo sign-in."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def served(*, workers: int = 2, threads: int = 2) -> Iterator[int]:
    """Serve the house from this environment; yield the port, stop the server afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "project.wsgi:application", "--no-ws",
        "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
        "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATNGHE_DEMO": "1"})
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(150):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            client.request("GET", "/dang-nhap/")
            client.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer")


class Visitor:
    """Visit the house over one kept-alive connection; cookies and the CSRF token are kept like a browser does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def sign_in(self, username: str) -> None:
        """Sign in by the demo's one-click cards."""
        self.get("/")
        self._request("POST", f"/dung-thu/{username}/", b"", {"Content-Type": "application/x-www-form-urlencoded"})
        if "sessionid" not in self._cookies:
            raise RuntimeError(f"{username} could not sign in")

    def get(self, path: str) -> bytes:
        """Fetch a page or a tile."""
        return self._request("GET", path, None, {})

    def post_json(self, path: str, data: Any) -> bytes:
        """Send JSON and return the body; raise RuntimeError for any status but 200."""
        return self._request("POST", path, json.dumps(data).encode(), {"Content-Type": "application/json"})

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Referer": f"http://127.0.0.1:{self._port}/",
            "Accept": "application/json, text/html;q=0.9, */*;q=0.8",
            **headers,
        }
        if "csrftoken" in self._cookies:
            sent["X-CSRFToken"] = self._cookies["csrftoken"]
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        content = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie" and (match := re.match(r"([^=]+)=([^;]*)", value)):
                self._cookies[match[1]] = match[2]
        if response.status not in {200, 204, 302, 303}:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:300]!r}")
        return content
