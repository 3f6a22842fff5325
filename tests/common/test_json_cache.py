"""What cannot be read of a cache is as good as absent; what cannot be written is an error."""

import os

import pytest
from kjpoll.common.json_cache import read_cache, write_cache


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "new" / "cache.json"
    write_cache(path, {"a": [1.5, None], "ü": {1}}, default=sorted)
    assert read_cache(path) == {"a": [1.5, None], "ü": [1]}
    assert os.listdir(path.parent) == ["cache.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"3", b"null", b'{"a": "\xff"}'])
def test_a_damaged_cache_is_as_good_as_none(tmp_path, content):
    (tmp_path / "cache.json").write_bytes(content)
    assert read_cache(tmp_path / "cache.json") == {}


def test_an_absent_cache_or_a_folder_in_its_place_is_as_good_as_none(tmp_path):
    assert read_cache(tmp_path / "cache.json") == read_cache(tmp_path) == {}


def test_without_a_path_nothing_is_cached():
    write_cache(None, {"a": 1})
    assert read_cache(None) == {}


def test_what_cannot_be_written_leaves_what_was_cached(tmp_path):
    path = tmp_path / "cache.json"
    write_cache(path, {"a": 1})
    with pytest.raises(TypeError):
        write_cache(path, {"a": {2}})
    assert read_cache(path) == {"a": 1} and os.listdir(tmp_path) == ["cache.json"]
    with pytest.raises(OSError):
        write_cache(path / "below" / "a file", {})
