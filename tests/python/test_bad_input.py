"""Whatever Python can hand over: a KlockError that names the field, and the client is as good as before."""

import json
import pathlib
import pickle
import types

import pytest

from klock import KlockClient, KlockError

GOOD = {
    "agent_id": "a",
    "session_id": "s",
    "resource_type": "FILE",
    "resource_path": "/a",
    "predicate": "MUTATES",
    "ttl": 1_000,
}
CIRCLE = []
CIRCLE.append(CIRCLE)
DEEP = []
for _ in range(100_000):
    DEEP = [DEEP]

NOT_TEXT = [None, b"a", 7, 1.5, True, ["a"], {"a": 1}, object(), pathlib.Path("/a"), "\ud800", "a\udcffb", float("nan"), CIRCLE, DEEP]
NOT_A_COUNT = [None, b"1", "1", 1.5, -1, 2**64, 10**5_000, float("nan"), float("inf"), [], object()]

BAD = [(name, value) for name in GOOD if name != "ttl" for value in NOT_TEXT]
BAD += [("ttl", value) for value in [*NOT_A_COUNT, 0, True, 86_400_001]]
# None is JSON's null: as if it had not been given.
BAD += [("wait_ms", value) for value in [*NOT_A_COUNT[1:], True, 3_600_001]]
BAD += [("resource_type", "FOLDER"), ("predicate", "WRITES"), ("resource_path", "/../a"), ("resource_path", "/a/*.py")]
BAD += [("agent_id", ""), ("session_id", ""), ("resource_path", ""), ("resource_path", "/a\0b")]
BAD += [("agent_id", "x" * 257), ("session_id", "é" * 129), ("resource_path", "/" + "x" * 4_096)]
BAD += [("note", "x" * 1_025), ("note", b"x"), ("note", "\udc80"), ("request_id", "x" * 129), ("request_id", 5)]


def label(value):
    # Not everything here can be written out: the list that holds itself, the number of 5,000 digits.
    written = f"{value!a}"[:16] if isinstance(value, (str, bytes, float, type(None))) else ""
    return f"{type(value).__name__} {written}".strip()


@pytest.mark.parametrize("field, value", BAD, ids=label)
def test_a_bad_field_is_named(memory, field, value):
    with pytest.raises(KlockError) as caught:
        memory.acquire_lease(**{**GOOD, field: value})
    assert caught.value.code == "INVALID_REQUEST"
    assert field in caught.value.message
    assert len(caught.value.message) < 500, "the value itself must not be echoed at length"
    assert memory.active_lease_count() == 0
    assert memory.acquire_lease(**GOOD)["success"]


@pytest.mark.parametrize("value", NOT_TEXT, ids=label)
@pytest.mark.parametrize("method", ["release_lease", "heartbeat_lease", "revoke_lease"])
def test_a_bad_lease_id(memory, method, value):
    with pytest.raises(KlockError) as caught:
        getattr(memory, method)(value)
    assert caught.value.code == "INVALID_REQUEST" and "lease_id" in caught.value.message


@pytest.mark.parametrize("lease_id", ["0" * 32, "f" * 32])
def test_a_lease_id_that_was_never_given(memory, lease_id):
    assert memory.release_lease(lease_id) is False


@pytest.mark.parametrize("priority", [*NOT_A_COUNT, True], ids=label)
def test_a_bad_priority(memory, priority):
    with pytest.raises(KlockError) as caught:
        memory.register_agent("a", priority)
    assert caught.value.code == "INVALID_REQUEST" and "priority" in caught.value.message
    assert memory.list_agents() == []


@pytest.mark.parametrize("value", [b"a", 7, "\ud800", object()], ids=label)
@pytest.mark.parametrize("field", ["agent_id", "session_id", "resource"])
def test_a_bad_filter(memory, field, value):
    with pytest.raises(KlockError) as caught:
        memory.list_leases(**{field: value})
    assert caught.value.code == "INVALID_REQUEST" and field in caught.value.message


MANIFEST = {"agent_id": "a", "session_id": "s", "intents": [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/a"}]}


@pytest.mark.parametrize(
    "manifest, field",
    [
        ({**MANIFEST, "intents": []}, "intents"),
        ({**MANIFEST, "intents": MANIFEST["intents"] * 257}, "intents"),
        ({**MANIFEST, "intents": [{**MANIFEST["intents"][0], "predicate": "WRITES"}]}, "predicate"),
        ({**MANIFEST, "intents": [{**MANIFEST["intents"][0], "resource_path": b"/a"}]}, "intents"),
        ({**MANIFEST, "intents": CIRCLE}, "intents"),
        ({**MANIFEST, "agent_id": "\ud800"}, "agent_id"),
        ({"agent_id": "a", "session_id": "s"}, "intents"),
    ],
    ids=["none", "too many", "predicate", "bytes", "circle", "surrogate", "missing"],
)
def test_a_bad_manifest(memory, manifest, field):
    with pytest.raises(KlockError) as caught:
        memory.declare_intent(manifest)
    assert caught.value.code == "INVALID_REQUEST" and field in caught.value.message


@pytest.mark.parametrize("manifest", [None, [], "text", b"bytes", 5, {("a",): 1}, DEEP], ids=label)
def test_a_manifest_that_is_no_manifest(memory, manifest):
    with pytest.raises(KlockError) as caught:
        memory.declare_intent(manifest)
    assert caught.value.code == "INVALID_REQUEST"


def test_any_mapping_will_do_as_a_manifest(memory):
    assert memory.declare_intent(types.MappingProxyType(MANIFEST))["status"] == "Granted"


@pytest.mark.parametrize("size", [2_000_000, 50_000_000, 2**30])
def test_a_huge_text_is_refused_and_not_echoed(memory, size):
    with pytest.raises(KlockError) as caught:
        memory.acquire_lease(**{**GOOD, "resource_path": "/" + "x" * size})
    assert caught.value.code in ("INVALID_REQUEST", "PAYLOAD_TOO_LARGE")
    assert len(caught.value.message) < 500
    assert memory.acquire_lease(**GOOD)["success"]


@pytest.mark.parametrize("text", ["naïve", "日本語", "😀", 'quote" back\\slash', "tab\tline\n", "\u2028", "\0"])
def test_text_comes_back_as_it_went_in(memory, text):
    lease = memory.acquire_lease(text, text, "CUSTOM", "deploy:staging", "MUTATES", 1_000, note=text)
    assert lease["agent_id"] == text
    (listed,) = memory.list_leases(agent_id=text, session_id=text)
    assert (listed["agent_id"], listed["session_id"], listed["note"]) == (text, text, text)


BAD_STORES = [None, 5, b"memory", "", "redis:x", "sqlite", "sqlite:", "\ud800", pathlib.Path("a.db")]


@pytest.mark.parametrize("storage", BAD_STORES, ids=label)
def test_a_bad_store(storage):
    with pytest.raises(KlockError) as caught:
        KlockClient(storage)
    assert caught.value.code == "INVALID_REQUEST" and "storage" in caught.value.message


def test_a_store_that_cannot_be_opened(tmp_path):
    for path in (tmp_path / "no" / "such" / "folder.db", tmp_path):
        with pytest.raises(KlockError) as caught:
            KlockClient(f"sqlite:{path}")
        assert caught.value.code == "STORAGE_UNAVAILABLE"


def test_a_file_that_is_no_store(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("these are my notes and no database\n" * 100)
    with pytest.raises(KlockError) as caught:
        KlockClient(f"sqlite:{file}").acquire_lease(**GOOD)
    assert caught.value.code == "STORAGE_UNAVAILABLE"
    assert file.read_text().startswith("these are my notes")


def test_the_error_survives_pickling():
    error = pickle.loads(pickle.dumps(KlockError("CLOSED", "The client is closed.")))
    assert (error.code, error.message, str(error)) == ("CLOSED", "The client is closed.", "CLOSED: The client is closed.")


def test_answers_are_plain_json_values(client):
    lease = client.acquire_lease(**GOOD)
    assert json.loads(json.dumps(lease)) == lease
