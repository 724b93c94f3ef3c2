"""What is stored in etcd is read as journal.proto says, and each batch is held against the one before it."""

from __future__ import annotations

import pytest

from journal import read_batch
from made_up import MadeUp
from rules import check

WRITER, BEFORE = bytes(range(16)), bytes(range(16, 32))
# Format 1, number 5, after 6, one event: 7, which is of kind 15.
STORED = b"\x08\x01\x12\x10" + WRITER + b"\x18\x05\x20\x06\x2a\x04\x08\x07\x10\x0f"
READ = {"id": f"{WRITER[::-1].hex()}/5", "after": 6, "before": None, "events": [{"sequence": 7, "kind": "resumed"}]}


def test_a_batch_that_names_the_one_before_it():
    assert read_batch(STORED + b"\x32\x10" + BEFORE + b"\x38\x04") == {**READ, "before": f"{BEFORE[::-1].hex()}/4"}


def test_a_batch_that_names_none():
    assert read_batch(STORED) == READ


@pytest.mark.parametrize("before", ["k2/1", "k3/0", None])
def test_a_batch_that_names_another_one_before_it_is_found(before):
    history = MadeUp().history()
    history.batches.append({"id": "k3/1", "after": 1, "before": before, "events": [{"sequence": 2, "kind": "registered"}]})
    assert check(history)["5 the journal is right"] == [f"batch k3/1 after 1 names {before} before it, which is k1/0"]
