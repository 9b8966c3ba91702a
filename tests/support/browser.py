"""What Chromium makes of a web page: its layout in a window of some width."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

MEASURE = """
<script>addEventListener("load", () => {
  const w = document.getElementById("frame").contentWindow, d = w.document, box = s => d.querySelector(s).getBoundingClientRect();
  const nav = box("nav.contents"), main = box("main"), list = d.querySelector("nav.contents ol"), wide = [];
  for (const e of d.querySelectorAll("body *")) {
    const r = e.getBoundingClientRect();
    if (r.width && r.right > w.innerWidth + 1 && !e.closest(".scroll") && !e.closest(".skip")) wide.push(e.tagName + "." + e.className);
  }
  document.getElementById("facts").textContent = JSON.stringify({
    scroll: d.documentElement.scrollWidth, width: w.innerWidth, wide: wide, beside: nav.right <= main.left, list: list.checkVisibility(),
    text: box("main section > p").width, size: parseFloat(w.getComputedStyle(d.body).fontSize),
    notice: w.getComputedStyle(d.querySelector(".notice")).position,
    bars: [...d.querySelectorAll(".box")].map(e => w.getComputedStyle(e).borderLeftStyle)});
})</script>"""


def layout_facts(page: str, width: int, folder: Path, chromium: Callable[..., list[str]]) -> dict[str, Any]:
    """Layout facts of the page in a window of this width: how far it scrolls, what is too wide, how long lines are, what is shown."""
    file = folder / f"{width}.html"
    frame = f'<iframe id="frame" width="{width}" height="900" style="border:0" srcdoc="{escape(page)}"></iframe>'
    file.write_text(f'<!DOCTYPE html><meta charset="utf-8"><pre id="facts"></pre>{frame}{MEASURE}', encoding="utf-8")
    command = chromium("--window-size=1600,1000", "--virtual-time-budget=4000", "--dump-dom", file.as_uri())
    shown = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()
    found = re.search(r'<pre id="facts">(.+?)</pre>', shown, re.S)
    assert found, shown[:500]
    facts: dict[str, Any] = json.loads(found[1].replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<"))
    return facts
