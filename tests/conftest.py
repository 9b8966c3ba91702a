"""Fixtures that all tests share: the repository, the corpora beside it, and the tools that judge the outputs.

What is absent is skipped on somebody's own machine. Under continuous integration (CI=true) it is a failure: a test that is
silently skipped there guards nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent

# Hundreds of processes are started here: with this each of them would compile all modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A shell that runs the tests in the background has them, and all that they start, ignore an interruption.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected output of tests/cases with what is printed now")


def absent(what: str, install: str) -> None:
    """Skip for want of `what`; fail under CI."""
    message = f"{what} is not there: {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and evidence beside the repository (MMGUIDE_SHARED names another place)."""
    given = os.environ.get("MMGUIDE_SHARED")
    places = [Path(given)] if given else [REPOSITORY.parent / "shared", REPOSITORY.parent.parent / "shared"]
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        absent("the folder ../shared", "put the corpora beside the repository, or name their folder in MMGUIDE_SHARED")
    assert found is not None
    return found


def _tool(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        absent(name, f"install the package {package}")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """poppler's pdftotext."""
    return _tool("pdftotext", "poppler-utils")


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """poppler's pdftoppm: pages as pictures."""
    return _tool("pdftoppm", "poppler-utils")


@pytest.fixture(scope="session")
def pdftohtml() -> str:
    """poppler's pdftohtml: words with their fonts and colours."""
    return _tool("pdftohtml", "poppler-utils")


@pytest.fixture(scope="session")
def git() -> str:
    return _tool("git", "git")


@pytest.fixture(scope="session")
def minisign() -> str:
    """minisign: signs and verifies files."""
    return _tool("minisign", "minisign")


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """The command line of LibreOffice with a profile of its own: `soffice("--convert-to", "pdf", …)`."""
    program = _tool("soffice", "libreoffice-writer")
    profile = tmp_path_factory.mktemp("libreoffice").as_uri()
    return lambda *arguments: [program, "--headless", "--norestore", f"-env:UserInstallation={profile}", *map(str, arguments)]


@pytest.fixture
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """The command line of headless Chromium with a profile of its own and no network: `chromium("--dump-dom", address)`."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or _tool("chromium", "chromium")
    profile = tmp_path_factory.mktemp("chromium")
    fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"]
    return lambda *arguments: [program, *fixed, f"--user-data-dir={profile}", *map(str, arguments)]


@pytest.fixture(scope="session")
def ooxml_validator() -> str:
    """The validator of the Open XML SDK, which `make test` puts into the virtual environment."""
    given = os.environ.get("MMGUIDE_OOXML_VALIDATOR")
    found = Path(given) if given else Path(sys.prefix) / "share" / "ooxml-validator"
    if not found.is_file():
        absent("the validator of the Open XML SDK", "make test installs it on Linux x86_64 where npm is")
    return str(found)
