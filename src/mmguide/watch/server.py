"""Stage watch, serving: the page and the news about it, to browsers of this machine and nobody else."""

from __future__ import annotations

import json
import threading
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from mmguide.errors import UsageError

ADDRESS = "127.0.0.1"
_WAITING = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>mmguide</title></head><body><main><p>The page is being made.</p></main></body></html>
"""
_BEAT = 15.0


class State(Struct, frozen=True):
    """What browsers are told: the number of the page, the problems that stand in the way of a newer one, and whether it is over."""

    page: int = 0
    problems: str = ""
    ended: bool = False


class Server:
    """Serves the newest page at `address`; browsers that show it are told of each change."""

    def __init__(self, port: int) -> None:
        self._changed = threading.Condition()
        self._page, self._state = _WAITING, State()
        outer = self

        class Handler(_Handler):
            server_of = outer

        try:
            self._http = ThreadingHTTPServer((ADDRESS, port), Handler)
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}", "choose another with --port, or let one be found with --port 0"
            ) from error
        self._http.daemon_threads = True
        self.port: int = self._http.server_address[1]
        self.address = f"http://{ADDRESS}:{self.port}/"

    def start(self) -> None:
        """Begin to serve, in a thread of its own."""
        threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True).start()

    def show(self, page: bytes) -> None:
        """From now on this is the page."""
        with self._changed:
            self._page = page
            self._now(replace(self._state, page=self._state.page + 1))

    def problems(self, text: str) -> None:
        """What stands in the way of a newer page, to be shown above the one that is there; nothing when empty."""
        with self._changed:
            self._now(replace(self._state, problems=text))

    def _now(self, state: State) -> None:
        self._state = state
        self._changed.notify_all()

    def page(self) -> bytes:
        """The page with what keeps it in step."""
        with self._changed:
            page, number = self._page, self._state.page
        head, mark, rest = page.rpartition(b"</body>")
        return head + b"<script>const shownPage = %d;" % number + live() + b"</script>" + mark + rest if mark else page

    def after(self, seen: State | None) -> State:
        """The state once it is another than `seen`, or the same after a while in which nothing happened."""
        with self._changed:
            self._changed.wait_for(lambda: self._state != seen, _BEAT)
            return self._state

    def close(self) -> None:
        """Tell browsers, and end."""
        with self._changed:
            self._now(replace(self._state, ended=True))
        self._http.shutdown()
        self._http.server_close()


@cache
def live() -> bytes:
    """The script that only the served page has."""
    return files("mmguide.watch").joinpath("live.js").read_bytes()


class _Handler(BaseHTTPRequestHandler):
    server_of: Server
    server_version, sys_version = "mmguide", ""

    def do_GET(self) -> None:
        # A page of another origin that has its name point here must get nothing.
        port = self.server_of.port
        if self.headers.get("Host") not in (f"{ADDRESS}:{port}", f"localhost:{port}"):
            self.send_error(HTTPStatus.FORBIDDEN, "this server answers to its own address only")
        elif self.path == "/":
            self._answer("text/html; charset=utf-8", self.server_of.page())
        elif self.path == "/news":
            self._news()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, kind: str, content: bytes) -> None:
        self._head(kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _head(self, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")

    def _news(self) -> None:
        """Server-sent events, as the HTML standard has them."""
        self._head("text/event-stream")
        self.end_headers()
        seen: State | None = None
        try:
            while seen is None or not seen.ended:
                state = self.server_of.after(seen)
                self.wfile.write(b": still here\n\n" if state == seen else f"data: {json.dumps(asdict(state))}\n\n".encode())
                self.wfile.flush()
                seen = state
        except OSError:
            return  # the browser has gone

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal shows what was built, not who asked."""
