"""Stage render, PDF: WeasyPrint, which sets pages in the packaged fonts and knows none of the machine."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

from mmguide.errors import EnvironmentLacks
from mmguide.render.fonts import Face

_FONTCONFIG = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
_NO_MACHINE_FONTS = f"{_FONTCONFIG}<fontconfig></fontconfig>"


def weasyprint() -> Any:
    """WeasyPrint; its complaint about a machine without fonts does not concern us."""
    with warnings.catch_warnings(), no_machine_fonts():
        warnings.simplefilter("ignore")
        try:
            _loaded()
            import weasyprint
        except OSError as error:
            raise EnvironmentLacks(
                "Pango, which sets the pages, was not found",
                "on Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0",
            ) from error
    from mmguide.render.pdf.lines import mend_line_breaking
    from mmguide.render.pdf.quick import spare_needless_work

    spare_needless_work()
    mend_line_breaking()
    return weasyprint


def _loaded() -> None:
    """Load it, without what pages do not need where that can be left out."""
    from mmguide.render.pdf.quick.loading import spared

    with suppress(OSError), redirect_stdout(StringIO()), spared():
        import weasyprint  # noqa: F401


@contextmanager
def no_machine_fonts() -> Iterator[None]:
    """While a font configuration is made here, it finds no font of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="mmguide-") as folder:
        file = Path(folder).absolute() / "fonts.conf"
        file.write_text(_NO_MACHINE_FONTS, encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _tidy(owner: int, kept: Any) -> None:
    """Remove the fonts of a configuration that lives as long as the process: what it does itself comes too late then."""
    made = kept()
    if made is not None and made._folder and os.getpid() == owner:
        shutil.rmtree(made._folder, ignore_errors=True)
        made._folder = None


def configuration(faces: Sequence[Face] = ()) -> Any:
    """A font configuration that knows no font but these, and those its style sheets load."""
    weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    with no_machine_fonts():
        made = FontConfiguration()
    # fontconfig knows a loaded font by its whole path: with TMPDIR=. it would not find our fonts again and take others.
    made._folder = Path(tempfile.mkdtemp(prefix="weasyprint-")).absolute()
    atexit.register(_tidy, os.getpid(), weakref.ref(made))
    _add(made, faces)
    return made


def _add(made: Any, faces: Sequence[Face]) -> None:
    """Make these fonts known, as WeasyPrint does for `@font-face`, but where they lie: some are too large to be copied for each build."""
    from weasyprint.text.ffi import ffi, fontconfig, pangoft2

    rules = "".join(map(_rules, faces))
    fontconfig.FcConfigParseAndLoadFromMemory(made._config, f"{_FONTCONFIG}<fontconfig>{rules}</fontconfig>".encode(), True)
    for face in faces:
        if not fontconfig.FcConfigAppFontAddFile(made._config, os.path.abspath(face.file).encode()):
            raise EnvironmentLacks(f"the font '{face.family}' cannot be read: {face.file.name}", "install its package again")
    pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", made.font_map))


def _rules(face: Face) -> str:
    """What fontconfig is told of a font: how style sheets call its family, its style and weight, and that it kerns."""
    from weasyprint.text.constants import FONTCONFIG_STYLE, FONTCONFIG_WEIGHT
    from weasyprint.text.fonts import font_features

    this = f'<test name="file" compare="eq"><string>{escape(os.path.abspath(face.file))}</string></test>'
    family = f'<edit name="family" mode="prepend"><string>{escape(face.family)}</string></edit>'
    slant = f'<edit name="slant" mode="assign_replace"><const>{FONTCONFIG_STYLE[face.style]}</const></edit>'
    weight = (
        f'<edit name="weight" mode="assign_replace"><int>{FONTCONFIG_WEIGHT[int(face.weight)]}</int></edit>'
        if face.weight
        else ""
    )
    features = "".join(f"<string>{name} {value}</string>" for name, value in font_features().items())
    drawn = f'<edit name="fontfeatures" mode="assign_replace">{features}</edit>'
    return f'<match target="scan">{this}{family}{slant}{weight}</match><match target="font">{this}{drawn}</match>'
