"""canonical_path: all who mean one file name one resource."""

import subprocess

import pytest

from klock import KlockError, canonical_path


def git(folder, *arguments):
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.fixture
def repository(tmp_path):
    """A git repository with a source file, and a second work tree of it."""
    top = tmp_path / "repository"
    (top / "src").mkdir(parents=True)
    (top / "src" / "a.py").write_text("a = 1\n")
    git(top, "init", "--quiet")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "start")
    git(top, "worktree", "add", "--quiet", str(tmp_path / "second"))
    return top


def test_outside_of_a_repository_it_is_absolute(tmp_path):
    assert canonical_path("a.txt", cwd=str(tmp_path)) == (f"{tmp_path}/a.txt", None)
    assert canonical_path(str(tmp_path / "a.txt"), cwd="/") == (f"{tmp_path}/a.txt", None)
    assert canonical_path("x/../..//b/./a.txt", tmp_path / "c") == (f"{tmp_path}/b/a.txt", None)


def test_the_current_folder_is_where_it_starts(tmp_path, monkeypatch):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        assert canonical_path("a.txt") == canonical_path("a.txt", ".") == (f"{tmp_path}/{folder}/a.txt", None)
        assert canonical_path("a.txt", cwd="deeper") == (f"{tmp_path}/{folder}/deeper/a.txt", None)


def test_work_trees_of_a_repository_agree(repository, tmp_path):
    second = tmp_path / "second"
    assert (second / "src" / "a.py").is_file() and (second / ".git").is_file()
    named = {
        canonical_path("src/a.py", repository): str(repository),
        canonical_path("a.py", repository / "src"): str(repository),
        canonical_path(repository / "src" / "a.py", "/"): str(repository),
        canonical_path("src/a.py", second): str(second),
        canonical_path("../second/src/a.py", repository): str(second),
    }
    assert named == {("src/a.py", root): root for root in (str(repository), str(second))}
    assert canonical_path(".", repository / "src") == ("src", str(repository))


def test_what_does_not_exist_yet_has_its_name_already(repository):
    assert canonical_path("new/deep/b.py", repository / "src") == ("src/new/deep/b.py", str(repository))


def test_links_are_followed(repository, tmp_path):
    (tmp_path / "link").symlink_to(repository / "src")
    (tmp_path / "link.py").symlink_to("link/a.py")
    (repository / "out").symlink_to(tmp_path / "elsewhere")
    expected = ("src/a.py", str(repository))
    assert canonical_path("link/a.py", tmp_path) == canonical_path("link.py", tmp_path) == expected
    assert canonical_path("a.py", tmp_path / "link") == expected
    # Links first, dots then, as the system reads a path: above what a link leads to is not where the link is.
    assert canonical_path("link/../src/a.py", tmp_path) == expected
    assert canonical_path("out/b.py", repository) == (f"{tmp_path}/elsewhere/b.py", None)


def test_a_repository_in_a_repository_counts_from_its_own_top(repository):
    inner = repository / "vendor" / "inner"
    inner.mkdir(parents=True)
    git(inner, "init", "--quiet")
    assert canonical_path("vendor/inner/a.py", repository) == ("a.py", str(inner))


@pytest.mark.parametrize("path, named", [("src/**", "src/**"), ("**", "**"), ("src/../**", "**"), ("new/**", "new/**")])
def test_a_subtree(repository, path, named):
    assert canonical_path(path, repository) == (named, str(repository))


def test_a_lease_on_it_keeps_others_off_however_they_name_it(repository, tmp_path, client):
    def take(agent, path, cwd):
        resource_path, _ = canonical_path(path, cwd)
        return client.acquire_lease(agent, "s", "FILE", resource_path, "MUTATES", 60_000)["success"]

    assert take("a", "a.py", repository / "src")
    assert not take("b", "src/a.py", tmp_path / "second")
    assert not take("b", "src/**", repository)
    assert take("b", "b.py", repository / "src")


@pytest.mark.parametrize(
    "path", ["", None, 5, b"a", "a\0b", "a\nb", "src/*.py", "**/a", "a/**/b", "x" * 4_097, "\udc80"], ids=lambda path: repr(path)[:12]
)
def test_a_path_that_cannot_be(path):
    with pytest.raises(KlockError) as caught:
        canonical_path(path)
    assert caught.value.code == "INVALID_REQUEST" and "path" in caught.value.message
    assert len(caught.value.message) < 500


@pytest.mark.parametrize("cwd", ["", 5, b"a", "a\0b", "x" * 4_097], ids=lambda cwd: repr(cwd)[:12])
def test_a_folder_that_cannot_be(cwd):
    with pytest.raises(KlockError) as caught:
        canonical_path("a", cwd)
    assert caught.value.code == "INVALID_REQUEST" and "cwd" in caught.value.message


def test_links_that_run_in_a_circle(tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(KlockError) as caught:
        canonical_path("one/a", tmp_path)
    assert caught.value.code == "INVALID_REQUEST" and "circle" in caught.value.message
