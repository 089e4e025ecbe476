"""The store: documents, atomic changes, one claim for each id, and a restart that forgets nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.store import Document, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "deep" / "store.sqlite3")


def test_documents_keep_their_first_order_when_replaced(store: Store) -> None:
    for key in ("b", "a", "c"):
        store.put("order", key, {"id": key})
    store.put("order", "b", {"id": "b", "again": True})
    assert [document["id"] for document in store.all("order")] == ["b", "a", "c"]
    assert store.get("order", "b") == {"id": "b", "again": True}
    assert store.get("order", "missing") is None


def test_find_compares_text_numbers_booleans_and_absence(store: Store) -> None:
    store.put("x", "1", {"n": 1, "text": "甲", "yes": True})
    store.put("x", "2", {"n": 2, "text": "乙", "yes": False})
    assert [d["n"] for d in store.find("x", text="乙")] == [2]
    assert [d["n"] for d in store.find("x", yes=True, n=1)] == [1]
    assert [d["n"] for d in store.find("x", absent=None)] == [1, 2]


def test_due_answers_what_is_not_after_the_moment_smallest_first(store: Store) -> None:
    for key, due in (("late", 9.5), ("second", 2.5), ("first", 1)):
        store.put("timer", key, {"due": due})
    assert [key for key, _ in store.due("timer", "due", 2.5)] == ["first", "second"]


def test_parallel_changes_lose_nothing(store: Store) -> None:
    store.put("counter", "c", {"n": 0})

    def add(_: int) -> None:
        store.update("counter", "c", lambda counter: {"n": counter["n"] + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(200)))
    assert store.get("counter", "c") == {"n": 200}


def test_only_one_of_many_claims_an_id(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: store.unique("nonce", "n1"), range(50)))
    assert claims.count(True) == 1


def test_a_failed_change_leaves_the_document(store: Store) -> None:
    store.put("x", "1", {"n": 1})

    def fail(_: Document) -> Document:
        raise ValueError

    with pytest.raises(ValueError):
        store.update("x", "1", fail)
    with pytest.raises(KeyError):
        store.update("x", "missing", lambda document: document)
    assert store.get("x", "1") == {"n": 1}
    assert store.add("x", "1", {"n": 2}) is False


def test_another_process_reads_what_was_written(tmp_path: Path) -> None:
    Store(tmp_path / "s").put("x", "1", {"名": "值"})
    assert Store(tmp_path / "s").get("x", "1") == {"名": "值"}


def test_delete_and_clear(store: Store) -> None:
    store.put("x", "1", {})
    assert store.delete("x", "1") is True
    assert store.delete("x", "1") is False
    store.put("x", "2", {})
    store.clear()
    assert store.all("x") == []
