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
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def served(*, workers: int = 2, threads: int = 4) -> Iterator[int]:
    """Serve the house from this environment as `script/serve web` does; yield the port, stop the server afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "project.wsgi:application", "--no-ws",
        "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
        "--respawn-failed-workers", "--workers-kill-timeout", "30", "--log-level", "warning",
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
        self._socket: socket.socket | None = None
        self.status = 0

    def sign_in(self, username: str) -> None:
        """Sign in by the demo's one-click cards."""
        self.get("/")
        self._request("POST", f"/dung-thu/{username}/", b"", {"Content-Type": "application/x-www-form-urlencoded"})
        if "sessionid" not in self._cookies:
            raise RuntimeError(f"{username} could not sign in")

    def adopt(self, session: str) -> None:
        """Go on with a session that was opened elsewhere."""
        self._cookies["sessionid"] = session

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def get(self, path: str) -> bytes:
        """Fetch a page or a tile."""
        return self._request("GET", path, None, {})

    def post_json(self, path: str, data: Any) -> bytes:
        """Send JSON and return the body; raise RuntimeError for any status but 200."""
        return self._request("POST", path, json.dumps(data).encode(), {"Content-Type": "application/json"})

    def post_file(self, path: str, fields: dict[str, str], name: str, content: bytes) -> int:
        """Send a form with one file, named ``file``, and return the status; nothing is raised for a refusal."""
        mark = f"datnghe-{os.getpid()}-{time.monotonic_ns()}"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join([*parts, head, content, f"\r\n--{mark}--\r\n".encode()])
        self._request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"}, any_status=True)
        return self.status

    def question(self, path: str, data: Any) -> Callable[[], bytes]:
        """Return a call that POSTs *data* and returns the body; the request is written beforehand, the wire is timed.

        The call raises RuntimeError for any status but 200. A plain socket, because what a client library does with an
        answer is not the server's time.
        """
        body = json.dumps(data, separators=(",", ":")).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nReferer: http://127.0.0.1:{self._port}/\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {self._cookies.get('csrftoken', '')}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return partial(self._ask, head.encode() + body)

    def _ask(self, sent: bytes) -> bytes:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(sent)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._received()
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", answer[: end + 2])
        if not answer.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(f"the server answered {answer[:400]!r}")
        pieces, missing = [answer[end + 4 :]], int(length[1]) - (len(answer) - end - 4)
        while missing > 0:
            pieces.append(self._received())
            missing -= len(pieces[-1])
        return b"".join(pieces)

    def _received(self) -> bytes:
        piece = self._socket.recv(1 << 18) if self._socket is not None else b""
        if not piece:
            raise RuntimeError("the server hung up")
        return piece

    def _request(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], *, any_status: bool = False
    ) -> bytes:
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
        self.status = response.status
        if response.status not in {200, 204, 302, 303} and not any_status:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:300]!r}")
        return content
