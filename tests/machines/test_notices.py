"""THIRD-PARTY-NOTICES.txt names whatever is compiled into the products, with the licence that it has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import TOP

PRODUCTS = ("Klock.Cli", "Klock.Native", "Klock.Server")
# The notices of the .NET that was compiled with begin with this.
DOTNET = "uses third-party libraries or other resources that may be"


def _named():
    """The licence of each work that the file names, by the work's name."""
    text = (TOP / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
    parts = re.split(r"^=+\n(.+)\n=+\n", text, flags=re.MULTILINE)
    return {name: licence for licence, part in zip(parts[1::2], parts[2::2])
            for name in re.findall(r"^(\S.*)\n  .+\n  https://\S+$", part, flags=re.MULTILINE)}


def _compiled_into(product):
    """The packages of NuGet that give it code, with the licence that each says it has."""
    assets = json.loads((TOP / "artifacts" / "obj" / product / "project.assets.json").read_text(encoding="utf-8"))
    (packages, *_) = map(Path, assets["packageFolders"])
    for name, library in assets["libraries"].items():
        parts = [target[name] for target in assets["targets"].values() if name in target]
        runtime = [file for part in parts for file in part.get("runtime", {}) if not file.endswith("_._")]
        if library["type"] == "package" and runtime:
            (nuspec,) = (packages / library["path"]).glob("*.nuspec")
            told = re.search(r'<license type="expression">([^<]+)</license>', nuspec.read_text(encoding="utf-8-sig"))
            yield name.split("/")[0], told and told.group(1)


@pytest.mark.parametrize("product", PRODUCTS)
def test_each_package_in_a_product_is_named(product):
    compiled = dict(_compiled_into(product))
    assert len(compiled) >= 3
    named = _named()
    assert {name: named.get(name) for name in compiled} == compiled


def test_what_the_page_is_made_of_is_named():
    wanted = json.loads((TOP / "dashboard" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((TOP / "dashboard" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    named = _named()
    assert {name: named.get(name) for name in wanted} == {name: locked[f"node_modules/{name}"]["license"] for name in wanted}


def test_nothing_else_is_named():
    """A package that was taken out goes from here too."""
    used = {name for product in PRODUCTS for name, _ in _compiled_into(product)}
    used |= set(json.loads((TOP / "dashboard" / "package.json").read_text(encoding="utf-8"))["dependencies"])
    # In the products, and no package: the framework; and SQLite, as source and, for other systems, as a library.
    assert set(_named()) == used | {".NET and ASP.NET Core", "SQLite", "SQLitePCLRaw.lib.e_sqlite3"}


def test_what_is_shipped_has_the_notices_of_the_framework_too():
    shipped = (TOP / "dist" / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
    assert shipped.startswith((TOP / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8"))
    assert shipped.count(DOTNET) >= 2, "those of .NET and those of ASP.NET Core"
    assert "\r" not in shipped
