"""What sources can do to a compiler, and what happens instead: one test for each numbered case of the list of threats.

Expected, unless a case says otherwise: a diagnostic with code, file and line; exit status 1; nothing from outside the project in
what is printed; no request over the network; done within 10 seconds of processor time and 1 GB. Each case is a project of its own,
compiled by a process of its own; where a web address is needed, it is one of a server here that counts requests.
"""

from __future__ import annotations

import html
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from struct import pack
from xml.etree import ElementTree

import pytest

import mmguide

SECONDS = 10
MEGABYTES = 1000
SECRET = "the-secret-outside-the-project"
SETTINGS = "title: T\nsections: [sections/*.md]\n"
EVIL = "EVIL"  # stands for the address of the server in a case


@dataclass(frozen=True)
class Case:
    """Files of a project, and the diagnostics that it must get: (code, file, line)."""

    files: dict[str, str | bytes]
    expected: tuple[tuple[str, str, int], ...]
    status: int = 1
    settings: str = SETTINGS
    links: dict[str, str] = field(default_factory=dict)


def section(text: str, *codes: str, line: int = 3, **more: object) -> Case:
    """A case of one section, whose text begins on line 3."""
    expected = tuple((code, "sections/a.md", line) for code in codes)
    return Case({"sections/a.md": f"# Question\n\n{text}\n", **more.pop("files", {})}, expected, **more)  # type: ignore[dict-item,arg-type]


def css(text: str, code: str, line: int = 1) -> Case:
    return Case({"sections/a.md": "# Question\n\nText.\n", "styles/print.css": text + "\n"}, ((code, "styles/print.css", line),))


def svg(inside: str, code: str = "MMG606", head: str = "") -> Case:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    picture = f'{head}<svg {spaces} width="9" height="9">{inside}</svg>'
    return section("![A](figures/a.svg)", code, files={"figures/a.svg": picture})


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
NODES = "".join(f'<g id="g{n}"><use href="#g{n + 1}"/><use href="#g{n + 1}"/></g>' for n in range(40)) + '<g id="g40"/>'
VARIABLES = "".join(f"--v{n}: var(--v{n + 1}) var(--v{n + 1});" for n in range(40))
BIBLIOGRAPHY = SETTINGS + "bibliography: [r.bib]\n"
ALIASES = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))

CASES: dict[str, Case] = {
    "1 link rel=attachment": section("<link rel=attachment href=file:///etc/passwd>", "MMG403"),
    "2 a rel=attachment": section("<a rel=attachment href=file:///etc/passwd>x</a>", "MMG403"),
    "3 CSS import http": css(f'@import url("{EVIL}/a.css");', "MMG906"),
    "3 CSS import file": css('@import "file:///etc/passwd";', "MMG906"),
    "4 CSS background": css(f"h1 {{ background: url({EVIL}/a.png) }}", "MMG907"),
    "5 CSS content": css(f"h1::before {{ content: url({EVIL}/a.png) }}", "MMG907"),
    "6 font-face": css(f"@font-face {{ font-family: X; src: url({EVIL}/a.ttf) }}", "MMG907"),
    "7 img http": section(f"<img src={EVIL}/a.png>", "MMG603"),
    "8 SVG image": svg(f'<image href="{EVIL}/a.png" width="5" height="5"/>'),
    "8 SVG use": svg(f'<use xlink:href="{EVIL}/a.svg#x"/>'),
    "9 object": section(f"<object data={EVIL}/a></object>", "MMG403"),
    "9 embed": section(f"<embed src={EVIL}/a>", "MMG403"),
    "9 iframe": section(f"<iframe src={EVIL}/a></iframe>", "MMG403"),
    "10 redirect to file": section(f"![x]({EVIL}/redirect)", "MMG603"),
    "11 picture of the machine": section("![x](/etc/hostname)", "MMG602"),
    "12 remote picture": section(f"![x]({EVIL}/a.png)", "MMG603"),
    "13 csl in a section": Case({"sections/a.md": f"---\ncsl: {EVIL}/a.csl\n---\n\n# Q\n"}, (("MMG411", "sections/a.md", 2),)),
    "14 bibliography in a section": Case(
        {"sections/a.md": "---\nbibliography: /etc/passwd\n---\n\n# Q\n"}, (("MMG411", "sections/a.md", 2),)
    ),
    **{
        f"16 {ending}": Case(
            {f"a.{ending}": "x\n"}, (("MMG116", "guideline.yaml", 2),), settings=f"title: T\nsections: [a.{ending}]\n"
        )
        for ending in ("html", "rst", "org", "tex")
    },
    "17 section": Case({}, (("MMG111", "guideline.yaml", 2),), settings="title: T\nsections: [../secret.md]\n"),
    "17 include": section('::: {.include file="../secret.md"}\n:::', "MMG111"),
    "17 picture": section("![x](../secret.png)", "MMG602"),
    "17 data": Case(
        {"sections/a.md": "# Q\n"}, (("MMG111", "guideline.yaml", 3),), settings=SETTINGS + "data: [../secret.csv]\n"
    ),
    "18 link": Case({}, (("MMG111", "guideline.yaml", 2),), links={"sections/a.md": "../../secret.md"}),
    "18 link to a folder": Case(
        {}, (("MMG111", "guideline.yaml", 2),), links={"sections": "../outside"}, settings="title: T\nsections: [sections/a.md]\n"
    ),
    "19 absolute": Case({}, (("MMG111", "guideline.yaml", 2),), settings="title: T\nsections: [/etc/hostname.md]\n"),
    "19 UNC": section("![x](//server/share/a.png)", "MMG603"),
    "19 UNC with backslashes": section(r"![x](\\\\server\\share\\a.png)", "MMG602"),
    "19 percent": section("![x](%2e%2e/secret.png)", "MMG602"),
    "20 device": section("![x](/dev/zero)", "MMG602"),
    "20 process": section("![x](/proc/self/environ)", "MMG602"),
    "20 device by a link": section("![x](figures/a.png)", "MMG602", links={"figures/a.png": "/dev/zero"}),
    "21 base": section(f"<base href={EVIL}/>", "MMG403"),
    "22 javascript": section("[x](javascript:alert(1))", "MMG406"),
    "22 data": section("[x](data:text/html;base64,PHNjcmlwdD4=)", "MMG406"),
    "22 javascript disguised": section("[x](JaVa\tScript:alert(1)) [y](<java&#115;cript:alert(1)>)", "MMG406"),
    "23 file": section("[x](file:///etc/passwd)", "MMG406"),
    **{f"24 {name}": section(f"```{{={name}}}\nx\n```", "MMG405") for name in ("openxml", "latex", "tex")},
    "24 html": section("```{=html}\n<script>alert(1)</script>\n```", "MMG403"),
    "24 inline": section("`<w:p/>`{=openxml}", "MMG405"),
    "25 script": section("<script>alert(1)</script>", "MMG403"),
    "25 style": section("<style>* { background: red }</style>", "MMG403"),
    "25 on…": section('<span onclick="alert(1)">x</span>', "MMG403"),
    **{
        f"26 {name}": Case({"sections/a.md": "# Q\n"}, (("MMG102", "guideline.yaml", 3),), 2, SETTINGS + f"{name}: x.lua\n")
        for name in ("filters", "defaults", "template")
    },
    "28 override in text": section("Take \u202egm 01\u202c daily.", "MMG442"),
    "28 zero width in a key": section("See [@a\u200bb].", "MMG442"),
    "31 crossref to itself": Case(
        {"sections/a.md": "# Q\n\n[@a]\n", "r.bib": "@book{a, title = {A}, crossref = {a}}\n"},
        (("MMG305", "r.bib", 1),),
        1,
        BIBLIOGRAPHY,
    ),
    "32 loop of crossrefs": Case(
        {
            "sections/a.md": "# Q\n\n[@a]\n",
            "r.bib": "@book{a, title = {A}, crossref = {b}}\n@book{b, title = {B}, crossref = {a}}\n",
        },
        (("MMG305", "r.bib", 2),),
        1,
        BIBLIOGRAPHY,
    ),
    "33 alias bomb": Case({"sections/a.md": "# Q\n"}, (("MMG105", "guideline.yaml", 3),), 2, SETTINGS + ALIASES),
    "33 tag": Case(
        {"sections/a.md": "# Q\n"},
        (("MMG105", "guideline.yaml", 3),),
        2,
        SETTINGS + "notice: !!python/object/apply:os.system [id]\n",
    ),
    "34 nested brackets": section("[" * 5000 + "]" * 5000, "MMG443"),
    "35 open links": section("[a](b" * 20_000, "MMG443"),
    "36 nested divs": section("::: x\n" * 1000 + ":::\n" * 1000, "MMG443", line=63),
    "37 grid": css("p { display: grid; grid-template-columns: repeat(1000000000, 1fr) }", "MMG909"),
    "38 chain of var()": css(f":root {{ {VARIABLES} --v40: x }}\np {{ content: var(--v0) }}", "MMG909"),
    "39 nested rules": css("p { " + "&,& { " * 40 + "color: red" + " }" * 40 + " }", "MMG909"),
    "40 use bomb": svg(f'{NODES}<use href="#g0"/>'),
    "41 gradient": css("p { background: repeating-linear-gradient(red 0, blue 0.000001px) }", "MMG909"),
    "42 colspan": section("<table><tr><td colspan=1000000000>x</td></tr></table>", "MMG404", status=0),
    "43 page 1 px wide": css("@page { size: 1px 1px }", "MMG909"),
    "44 enormous picture": section("![x](figures/a.png)", "MMG605", files={"figures/a.png": png(30_000, 30_000)}),
    "45 billion laughs": svg("<text>&i;</text>", head=f'<!DOCTYPE svg [<!ENTITY a "a">{LAUGHS}]>'),
    "45 external entity": svg("<text>&x;</text>", head='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "47 section of 50 MB": Case({"sections/a.md": b"A sentence.\n" * 4_400_000}, (("MMG113", "guideline.yaml", 2),)),
    "54 not UTF-8": Case({"sections/a.md": b"# Caf\xe9\n\nText.\n"}, (("MMG440", "sections/a.md", 1),)),
    "55 NUL": Case({"sections/a.md": b"# Q\n\nA\x00B.\n"}, (("MMG441", "sections/a.md", 3),)),
    "55 control": Case({"sections/a.md": b"# Q\n\nA\x1bB.\n"}, (("MMG441", "sections/a.md", 3),)),
    "55 paragraph separator": section("A\u2029B.", "MMG441"),
}


@dataclass
class Server:
    """A web server of this machine that only counts what it is asked for."""

    address: str
    requests: list[str]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield Server(f"http://127.0.0.1:{running.server_address[1]}", requests)
    running.shutdown()
    running.server_close()
    thread.join()


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str
    seconds: float
    megabytes: float


def run(folder: Path, *arguments: str, before: Callable[[], None] | None = None) -> Outcome:
    """mmguide as a process of its own in `folder`, with the time and memory that it and its children took."""
    out, err = folder.parent / "stdout", folder.parent / "stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        command = [sys.executable, "-m", "mmguide", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(Path(mmguide.__file__).parents[1])}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stdout, stderr=stderr, preexec_fn=before)
        watch = threading.Timer(120, process.kill)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in (out, err)]
    return Outcome(process.returncode, *texts, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def write(folder: Path, case: Case, address: str) -> Path:
    """The project of a case in `folder/project`, beside things it must not reach."""
    project = folder / "project"
    project.mkdir()
    (folder / "outside").mkdir()
    for name in ("secret.md", "secret.png", "secret.csv", "outside/a.md"):
        (folder / name).write_text(SECRET + "\n")
    files: dict[str, str | bytes] = {"guideline.yaml": case.settings, **case.files}
    for name, content in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.replace(EVIL, address).encode())
    for name, target in case.links.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).symlink_to(target)
    return project


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path, server: Server) -> None:
    case = CASES[name]
    project = write(tmp_path, case, server.address)
    before = list(server.requests)
    done = run(project, "check", ".", "--format", "json")
    assert "Traceback" not in done.err
    found = {(d["code"], d["path"], d["line"]) for d in json.loads(done.out)}
    assert (done.status, set(case.expected) - found) == (case.status, set()), sorted(found)
    assert server.requests == before
    assert SECRET not in done.out + done.err
    assert done.seconds < SECONDS
    assert done.megabytes < MEGABYTES


def codes(done: Outcome) -> set[str]:
    return {d["code"] for d in json.loads(done.out)}


def project_of(folder: Path, text: str | bytes, settings: str = SETTINGS, **files: str) -> Path:
    """A project of one section in `folder`."""
    case = Case({"sections/a.md": text, **files}, (), settings=settings)
    folder.mkdir(exist_ok=True)
    return write(folder, case, "")


def test_7_says_to_store_the_picture(tmp_path: Path) -> None:
    done = run(project_of(tmp_path / "a", "# Q\n\n<img src=http://127.0.0.1/a.png>\n"), "check", ".")
    assert "store the picture in the project" in done.out


def test_15_a_dependent_style_finds_its_parent_without_network(tmp_path: Path) -> None:
    text = "# Q\n\nSee [@a].\n"
    settings = SETTINGS + "csl: the-lancet-oncology\nbibliography: [r.json]\n"
    project = project_of(tmp_path / "a", text, settings, **{"r.json": '[{"id": "a", "type": "book", "title": "Alpha"}]'})
    done = run(project, "build", ".", "--to", "html", "-o", "out")
    assert done.status == 0, done.err
    assert "Alpha" in (project / "out" / "guideline-0.1.0.html").read_text(encoding="utf-8")


def test_20_a_pipe_is_no_picture_and_no_data(tmp_path: Path) -> None:
    project = project_of(tmp_path / "a", "# Q\n\n![x](figures/pipe.png)\n", SETTINGS + "data: [data/pipe.csv]\n")
    for name in ("figures/pipe.png", "data/pipe.csv"):
        (project / name).parent.mkdir()
        os.mkfifo(project / name)
    done = run(project, "check", ".", "--format", "json")
    assert done.status == 1
    assert {(d["code"], d["path"]) for d in json.loads(done.out)} == {("MMG112", "guideline.yaml"), ("MMG112", "sections/a.md")}


STRANGE = 'A & B <b>x</b> $(id) `id` "q" {PAGE} (p) \\ 100% ]]> é'


def test_27_titles_are_shown_as_typed(tmp_path: Path, pdftotext: str) -> None:
    quoted = json.dumps(STRANGE, ensure_ascii=False)
    settings = f"title: {quoted}\nsections: [sections/*.md]\ncontributors: [{{name: {quoted}, role: author}}]\n"
    project = project_of(tmp_path / "a", "# Q\n\nText.\n", settings)
    done = run(project, "build", ".", "-o", "out")
    assert done.status == 0, done.err
    stem = project / "out" / "guideline-0.1.0"
    page = (project / "out" / "guideline-0.1.0.html").read_text(encoding="utf-8")
    assert html.escape(STRANGE, quote=False) in page.replace("&quot;", '"')
    assert "<b>x</b>" not in page
    with zipfile.ZipFile(f"{stem}.docx") as package:
        xml = package.read("word/document.xml").decode()
    assert STRANGE in "".join(ElementTree.fromstring(xml).itertext())
    printed = subprocess.run([pdftotext, "-raw", f"{stem}.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert STRANGE.replace(" ", "") in "".join(printed.split())


def test_29_forms_of_one_key_are_one_and_look_alikes_are_reported(tmp_path: Path) -> None:
    references = json.dumps([{"id": key, "type": "book", "title": "T"} for key in ("m\u00fcller2001", "attal2012")])
    settings = SETTINGS + "bibliography: [r.json]\n"
    one = project_of(tmp_path / "a", "# Q\n\nSee [@mu\u0308ller2001; @attal2012].\n", settings, **{"r.json": references})
    assert run(one, "check", ".").status == 0
    # Cyrillic letters in the place of Latin ones
    two = project_of(tmp_path / "b", "# Q\n\nSee [@\u0430ttal2012].\n", settings, **{"r.json": references})
    done = run(two, "check", ".", "--format", "json")
    assert done.status == 1
    assert any(d["line"] == 3 and "attal2012" in d["hint"] for d in json.loads(done.out))


def test_30_a_cell_is_text_and_no_formula(tmp_path: Path) -> None:
    cells = ["=1+1", "+1+1", "-1+1", "@SUM(1)"]
    table = "id,note\n" + "".join(f"r{n},{cell}\n" for n, cell in enumerate(cells))
    text = "# Q\n\n" + "\n\n".join(f"[r{n}.note]{{.value}}" for n in range(4)) + "\n"
    project = project_of(tmp_path / "a", text, SETTINGS + "data: [data/a.csv]\n", **{"data/a.csv": table})
    done = run(project, "build", ".", "--to", "html,docx", "-o", "out")
    assert done.status == 0, done.err
    with zipfile.ZipFile(project / "out" / "guideline-0.1.0.docx") as package:
        word = "".join(ElementTree.fromstring(package.read("word/document.xml")).itertext())
    page = (project / "out" / "guideline-0.1.0.html").read_text(encoding="utf-8")
    for cell in cells:
        assert cell in word
        assert cell in page.replace("−", "-")


def test_46_a_section_of_20_000_citations_is_built(tmp_path: Path) -> None:
    keys = [f"k{n}" for n in range(500)]
    references = json.dumps([{"id": key, "type": "book", "title": f"Title {key}"} for key in keys])
    text = "# Q\n\n" + "\n\n".join(f"Text [@{keys[n % 500]}; @{keys[n * 7 % 500]}]." for n in range(10_000)) + "\n"
    project = project_of(tmp_path / "a", text, SETTINGS + "bibliography: [r.json]\n", **{"r.json": references})
    done = run(project, "build", ".", "--to", "html", "-o", "out")
    assert done.status == 0, done.err[-500:]
    assert done.megabytes < MEGABYTES


def test_56_bom_and_line_ends_change_nothing(tmp_path: Path) -> None:
    text = "# Q\n\nSome *text*.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n: Table. {#tbl:a}\n\nSee @tbl:a.\n"
    outputs = []
    for name, content in (("lf", text.encode()), ("crlf", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())):
        project = project_of(tmp_path / name, content)
        done = run(project, "build", ".", "-o", "out")
        assert done.status == 0, done.err
        outputs.append({path.name: path.read_bytes() for path in sorted((project / "out").glob("guideline*"))})
    assert len(outputs[0]) == 3
    assert [name for name in outputs[0] if outputs[0][name] != outputs[1][name]] == []


def test_57_a_character_without_a_glyph_is_an_error(tmp_path: Path) -> None:
    done = run(project_of(tmp_path / "a", "# Q\n\nA sign: \ue000.\n"), "build", ".", "--to", "pdf", "-o", "out")
    assert done.status == 1
    assert "sections/a.md:3:9" in done.err
    assert "U+E000" in done.err


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project with outputs, whose text then changed."""
    project = project_of(tmp_path / "a", "# Q\n\nOld words.\n")
    assert run(project, "build", ".", "--to", "html,docx", "-o", "out").status == 0
    (project / "sections" / "a.md").write_text("# Q\n\nNew words.\n")
    return project


def outputs(project: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in sorted((project / "out").iterdir()) if path.is_file() and path.stat().st_size
    }


def test_58_killed_at_any_moment(built: Path) -> None:
    before = outputs(built)
    environment = {**os.environ, "PYTHONPATH": str(Path(mmguide.__file__).parents[1])}
    command = [sys.executable, "-m", "mmguide", "build", ".", "--to", "html,docx", "-o", "out", "--no-cache"]
    for seconds in (0.2, 0.6, 1.2, 2.0):
        process = subprocess.Popen(command, cwd=built, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.wait()
        left = {name: content for name, content in outputs(built).items() if name.startswith("guideline")}
        for name, content in left.items():
            assert content == before[name] or b"New words" in content or name.endswith(".docx")
        for name in left:
            if name.endswith(".docx"):
                assert zipfile.ZipFile(built / "out" / name).testzip() is None
    assert run(built, "build", ".", "--to", "html,docx", "-o", "out").status == 0
    assert set(outputs(built)) == set(before)


def test_58_disk_full(built: Path) -> None:
    before = outputs(built)

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))

    done = run(built, "build", ".", "--to", "html,docx", "-o", "out", before=little_room)
    assert done.status == 1
    assert "no room is left" in done.err or "cannot write to" in done.err
    assert "Traceback" not in done.err
    assert outputs(built) == before


def test_58_no_place_for_outputs(built: Path) -> None:
    (built / "file").write_text("not a folder")
    done = run(built, "build", ".", "--to", "html", "-o", "file/out")
    assert done.status in (1, 2)
    assert "Traceback" not in done.err
    assert "file" in done.err


def test_59_two_builds_at_the_same_time(built: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(mmguide.__file__).parents[1])}
    command = [sys.executable, "-m", "mmguide", "build", ".", "--to", "html,docx", "-o", "out"]
    both = [subprocess.Popen(command, cwd=built, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert b"New words" in outputs(built)["guideline-0.1.0.html"]
    assert zipfile.ZipFile(built / "out" / "guideline-0.1.0.docx").testzip() is None
