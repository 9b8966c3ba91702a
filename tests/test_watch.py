"""`mmguide watch` driven as its user does: a save is seen on the page, in the PDF and in the Word file; faults are shown and overcome."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mmguide.errors import UsageError
from mmguide.watch.server import Server

PATIENCE = 120.0
TEXT = "# First\n\nBefore [@one].\n\n# Second\n\nMore.\n"
REFERENCE = {
    "id": "one",
    "type": "article-journal",
    "title": "A study",
    "author": [{"family": "Doe", "given": "J"}],
    "issued": {"date-parts": [[2020]]},
    "container-title": "BMJ",
    "volume": "1",
    "page": "1-2",
    "DOI": "10.1136/bmj.1",
}


def project(folder: Path) -> Path:
    folder.mkdir()
    (folder / "guideline.yaml").write_text(
        "id: w\ntitle: W\nversion: 1.0.0\nsections: [a.md]\nbibliography: [r.json]\nstatus: review\n"
    )
    (folder / "a.md").write_text(TEXT)
    (folder / "r.json").write_text(json.dumps([REFERENCE]))
    return folder


def eventually(what: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


class Running:
    """A watch as a process, what it said, and its page."""

    def __init__(self, folder: Path, output: Path, log: Path) -> None:
        command = [sys.executable, "-m", "mmguide", "watch", str(folder), "-o", str(output), "--port", "0"]
        self.log, self.output = log, output
        with log.open("w") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
        eventually(lambda: "http://" in self.said())
        self.address = re.findall(r"http://\S+/", self.said())[0]

    def said(self) -> str:
        return self.log.read_text()

    def page(self) -> str:
        with urllib.request.urlopen(self.address, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def built(self) -> int:
        return self.said().count("all done")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Path, Running]]:
    folder = project(tmp_path / "guideline")
    one = Running(folder, tmp_path / "out", tmp_path / "log")
    yield folder, one
    if one.process.poll() is None:
        os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait()


def words_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_a_save_is_seen_in_page_pdf_and_word(running: tuple[Path, Running], tmp_path: Path) -> None:
    folder, watch = running
    eventually(lambda: watch.built() == 1)
    # As editors save: beside, then renamed.
    (folder / "a.md.new").write_text(TEXT.replace("Before", "Afterwards"))
    os.replace(folder / "a.md.new", folder / "a.md")
    eventually(lambda: "Afterwards" in watch.page())
    eventually(lambda: watch.built() == 2)
    assert "Afterwards" in words_of(watch.output / "w-1.0.0.pdf")
    subprocess.run([sys.executable, "-m", "mmguide", "build", str(folder), "-o", str(tmp_path / "plain"), "-q"], check=True)
    for name in ("w-1.0.0.pdf", "w-1.0.0.docx", "w-1.0.0.html"):
        assert (watch.output / name).read_bytes() == (tmp_path / "plain" / name).read_bytes(), name
    assert "EventSource" not in (watch.output / "w-1.0.0.html").read_text()
    assert "EventSource" in watch.page()


def test_a_fault_is_shown_and_overcome(running: tuple[Path, Running]) -> None:
    folder, watch = running
    eventually(lambda: watch.built() == 1)
    good = {path.name: path.read_bytes() for path in watch.output.glob("w-*")}
    (folder / "a.md").write_text(TEXT.replace("@one", "@two"))
    eventually(lambda: "the outputs stay as they were" in watch.said())
    assert "MMG201" in watch.said()
    assert {path.name: path.read_bytes() for path in watch.output.glob("w-*")} == good
    assert "Before" in watch.page()
    (folder / "guideline.yaml").write_text("title: [\n")
    eventually(lambda: watch.said().count("the outputs stay as they were") == 2)
    project_again = "id: w\ntitle: Mended\nversion: 1.0.0\nsections: [a.md]\nbibliography: [r.json]\nstatus: review\n"
    (folder / "guideline.yaml").write_text(project_again)
    (folder / "a.md").write_text(TEXT)
    eventually(lambda: "Mended" in watch.page())
    eventually(lambda: watch.built() == 2)


def test_ctrl_c_leaves_no_process(running: tuple[Path, Running]) -> None:
    _, watch = running
    eventually(lambda: "  page" in watch.said())
    group = watch.process.pid
    os.killpg(group, signal.SIGINT)
    assert watch.process.wait(30) == 0

    def members() -> list[str]:
        shown = subprocess.run(["ps", "-eo", "sid=,stat="], capture_output=True, text=True, check=True).stdout
        return [line for line in shown.splitlines() if line.split()[0] == str(group) and "Z" not in line]

    eventually(lambda: not members())
    assert not list(watch.output.glob(".*.part"))


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server(0)
    one.start()
    yield one
    one.close()


def answer(server: Server, path: str, host: str = "") -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()


def test_the_server_answers_its_own_address_only(server: Server) -> None:
    server.show(b"<html><head></head><body><main id='text'>Secret</main></body></html>")
    status, headers, content = answer(server, "/")
    assert (status, b"Secret" in content) == (200, True)
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert answer(server, "/", "attacker.example")[0] == 403
    for path in ("/../guideline.yaml", "/etc/passwd", "//etc/passwd", "/%2e%2e/a.md", "/index.html"):
        assert answer(server, path)[0] == 404, path


def test_browsers_are_told_of_pages_problems_and_the_end(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/news")
    stream = connection.getresponse()

    def told() -> dict[str, object]:
        for raw in iter(stream.readline, b""):
            if raw.startswith(b"data: "):
                return dict(json.loads(raw[6:]))
        raise AssertionError("the stream ended")

    assert told() == {"page": 0, "problems": "", "ended": False}
    server.show(b"<html><body></body></html>")
    assert told()["page"] == 1
    server.problems("a.md:3: error")
    assert told()["problems"] == "a.md:3: error"
    server.close()
    assert told()["ended"] is True
    connection.close()


def test_a_port_in_use_is_said(server: Server) -> None:
    with pytest.raises(UsageError, match=f"port {server.port}"):
        Server(server.port)
