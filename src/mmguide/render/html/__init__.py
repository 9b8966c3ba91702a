"""Stage render: a CitedManuscript becomes the web page, and the HTML from which pages are made."""

from __future__ import annotations

from mmguide.render.html.paper import print_css, print_html
from mmguide.render.html.web import html_page

__all__ = ["html_page", "print_css", "print_html"]
