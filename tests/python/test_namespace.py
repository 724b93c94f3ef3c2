"""Several repositories on one server: which namespace is said, and that it keeps them apart."""

import subprocess

import pytest

import klock
import servers
from klock import Klock, KlockClient, KlockConflictError, KlockError, KlockHttpClient, klock_protected

SHOP = "github.com/acme/shop"


def git(folder, *arguments):
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repositories(tmp_path):
    """One with an origin, and one with a commit alone."""
    for name in ("shop", "blog"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "--quiet")
    git(tmp_path / "shop", "remote", "add", "origin", "git@github.com:acme/shop.git")
    git(tmp_path / "blog", "commit", "--quiet", "--allow-empty", "-m", "first")
    return tmp_path / "shop", tmp_path / "blog"


@pytest.fixture
def server():
    with servers.running("--namespace-by", "repository") as url:
        yield url


def take(client, **more):
    return client.acquire_lease("a", "s", "FILE", "README.md", "MUTATES", 60_000, **more)


def test_a_lease_and_a_refusal_say_it(client):
    granted = take(client, namespace=SHOP)
    assert granted["namespace"] == SHOP and "namespace" not in take(client)
    refused = client.acquire_lease("b", "s", "FILE", "README.md", "MUTATES", 60_000, namespace=SHOP)
    assert [conflict["namespace"] for conflict in refused["conflicts"]] == [SHOP]
    assert [lease["id"] for lease in client.list_leases(namespace=SHOP)] == [granted["lease_id"]]
    assert client.list_leases(namespace="blog") == [] and len(client.list_leases()) == 2


def test_the_facade_says_the_repository_where_the_server_wants_one(server, repositories):
    shop, blog = repositories
    with Klock.local(base_url=server) as one, Klock.local(base_url=server) as other:
        with one.file(shop / "README.md"), other.file(blog / "README.md"):
            said = [lease["namespace"] for lease in one.client.list_leases()]
            assert said == [SHOP, git(blog, "rev-list", "--max-parents=0", "HEAD")]
            with pytest.raises(KlockConflictError):
                other.file(shop / "README.md", max_retries=0)
            with pytest.raises(KlockError, match="several repositories") as raised:
                other.files(shop / "a", blog / "a")
            assert raised.value.code == "INVALID_REQUEST"


def test_what_is_in_no_repository_has_to_say_one(server, tmp_path, monkeypatch):
    with Klock.local(base_url=server) as one:
        with pytest.raises(KlockError, match="KLOCK_NAMESPACE") as raised:
            one.file(tmp_path / "x")
        assert raised.value.code == "INVALID_REQUEST"
        monkeypatch.setenv("KLOCK_NAMESPACE", "env")
        with one.file(tmp_path / "x"), Klock.local(base_url=server, namespace="said").file(tmp_path / "x"):
            assert [lease["namespace"] for lease in one.client.list_leases()] == ["env", "said"]


def test_the_decorator_says_it_too(server, repositories, monkeypatch):
    shop, _ = repositories
    monkeypatch.chdir(shop)
    client = KlockHttpClient(server, auto_start=False)

    @klock_protected(client, None, None, "FILE", lambda call: call["path"])
    def held(path):
        return [lease["namespace"] for lease in client.list_leases()]

    assert held(path="README.md") == [SHOP]


def test_a_shallow_clone_is_not_told_by_a_commit_that_others_do_not_begin_with(server, repositories, tmp_path):
    _, blog = repositories
    git(blog, "commit", "--quiet", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{blog}", str(tmp_path / "clone"))
    git(tmp_path / "clone", "remote", "remove", "origin")
    with Klock.local(base_url=server) as one, pytest.raises(KlockError, match="KLOCK_NAMESPACE"):
        one.file(tmp_path / "clone" / "a")


def test_a_store_keeps_it_for_whoever_opens_it_later(sqlite_storage):
    with KlockClient(sqlite_storage) as client:
        take(client, namespace=SHOP)
        client.acquire_lease("a", "s", "CUSTOM", "gpu", "MUTATES", 60_000, namespace=SHOP)
    with KlockClient(sqlite_storage) as client:
        assert [lease["namespace"] for lease in client.list_leases()] == [SHOP, SHOP]
        assert client.acquire_lease("b", "s", "FILE", "README.md", "MUTATES", 60_000)["success"]
        with klock.Klock(client, "c", namespace=SHOP) as facade, pytest.raises(KlockConflictError):
            facade.resource("CUSTOM", "gpu", max_retries=0)
