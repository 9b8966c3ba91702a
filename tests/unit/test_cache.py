"""The cache keeps whole entries only, forgets the oldest first, and never mixes keys."""

from __future__ import annotations

import os
from pathlib import Path

from mmguide import yaml
from mmguide.cache import Cache, key_of


def test_an_entry_comes_back_as_it_went_in(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(key_of("a", "x"), {"pages": 3, "names": ["ä"]}, b"\0bytes")
    entry = Cache(tmp_path).get(key_of("a", "x"))
    assert entry is not None
    assert entry.facts == {"pages": 3, "names": ["ä"]}
    assert entry.content == b"\0bytes"
    assert cache.get(key_of("a", "y")) is None


def test_yaml_from_the_cache_is_yaml_read_anew(tmp_path: Path, repository: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((repository / "source").rglob("*.yaml"))]
    assert len(texts) > 5
    for text in [*texts, "", "- [1.10, ~, {a: ''}]\n"]:
        read = yaml.load("one.yaml", text)
        cache = Cache(tmp_path)
        yaml.load("two.yaml", text, cache)
        assert yaml.load("one.yaml", text, cache) == read
        assert cache.hits == 1


def test_a_torn_or_altered_entry_is_no_entry(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    key = key_of("a", "x")
    cache.put(key, 1, b"content")
    (path,) = [p for p in tmp_path.rglob("*") if p.is_file()]
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole[:10], b"", whole[:-1] + b"!"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(damaged)
        assert cache.get(key) is None
        assert not path.exists()


def test_parts_of_a_key_cannot_run_into_each_other() -> None:
    assert key_of("k", "ab", "c") != key_of("k", "a", "bc")
    assert key_of("k", "a") != key_of("l", "a")


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [key_of("k", str(n)) for n in range(3)]
    for age, key in enumerate(keys):
        cache.put(key, None, b"x" * 1000)
        path = tmp_path / key[:2] / key[2:]
        os.utime(path, (1000 + age, 1000 + age))
    assert cache.get(keys[0]) is not None
    cache.trim(2200)
    assert [cache.get(key) is not None for key in keys] == [True, False, True]


def test_a_folder_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    cache = Cache(file)
    cache.put(key_of("a"), 1)
    assert cache.get(key_of("a")) is None
    assert Cache(None).get(key_of("a")) is None
