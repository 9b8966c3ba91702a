"""Stage render: the only way by which a page can load anything. It knows a table of addresses; nothing else exists for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mmguide.model.picture import Picture
from mmguide.render.pdf import library

library.weasyprint()  # in its own way of loading, before anything of it is imported
from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: E402


class ProjectFetcher(URLFetcher):  # type: ignore[misc]
    """Serves pictures that passed the checks, by exact address. It opens no connection and no file."""

    def __init__(self, pictures: Mapping[str, Picture], base: str) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._pictures, self._base = pictures, base
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The content behind an address of ours. Raises ValueError for every other one."""
        bare = url.split("#", 1)[0]
        if bare.startswith(self._base):
            picture = self._pictures.get(unquote(bare.removeprefix(self._base)))
            if picture is not None:
                return URLFetcherResponse(url, picture.content, {"Content-Type": picture.media_type})
        self.refused.append(url[:200])
        raise ValueError(f"nothing may be loaded from {url[:200]}")

    def open(self, *arguments: Any, **options: Any) -> Any:
        raise ValueError("no connection may be opened")
