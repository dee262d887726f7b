"""The wings of the house stand in an order, and no import runs against it or in a circle; one place prints, each library has its place.

An import is told with both of its files, so that it is seen which of them stands in the wrong wing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Set

import pytest

from tests.modules import HOUSE, MODULES, importers, imports, shown

Order = tuple[tuple[str, ...], ...]
Edges = Mapping[str, Set[str]]

WINGS: Order = (
    ("__main__",),
    ("cli",),
    ("terminal",),
    ("pipeline",),
    ("outputs",),
    ("preview",),
    ("inputs", "report"),
    ("sync",),
    ("packages",),
    ("identity",),
    ("reading",),
    ("content",),
    ("places",),
    ("items",),
    ("corrections",),
    ("outline", "sources"),
    ("machine",),
    ("config",),
    ("paths",),
    ("account", "diagnostics", "plain"),
)
"""What stands at the top of the house, from above: each imports only what stands below it, and none of those beside it."""
ROOMS: Order = (("reading",), ("told",), ("ledger", "pages", "reasons", "ways"), ("scope",), ("recogniser",), ("item",), ("chapter", "signs"))
"""The same inside `items`."""
ORDERS = {"notedeck": WINGS, "notedeck.items": ROOMS}

EDGES: Edges = {name: {one for one in imports(path) if one in MODULES} for name, path in MODULES.items()}


def part_of(module: str, parent: str) -> str | None:
    """The part of `parent` that a module lies in."""
    return module.removeprefix(f"{parent}.").split(".")[0] if module.startswith(f"{parent}.") else None


def against(edges: Edges, parent: str, order: Order) -> Iterator[str]:
    """The imports that run against an order."""
    ranks = {part: rank for rank, row in enumerate(order) for part in row}
    for name, others in edges.items():
        here = part_of(name, parent)
        for other in sorted(others):
            there = part_of(other, parent)
            if here and there and here != there and ranks[there] <= ranks[here]:
                yield f"{shown(name)} imports {shown(other)}, and {there} does not stand below {here}"


def circles(edges: Edges) -> Iterator[str]:
    """The imports by which a module comes back to itself."""
    for name, others in edges.items():
        for other in sorted(others):
            if name in reached(edges, other):
                yield f"{shown(name)} imports {shown(other)}, from which imports lead back to it"


def reached(edges: Edges, start: str) -> set[str]:
    """All modules that one needs, itself among them."""
    found, waiting = set(), [start]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += edges.get(one, ())
    return found


@pytest.mark.parametrize("parent", ORDERS)
def test_imports_point_downwards(parent: str) -> None:
    assert not (told := list(against(EDGES, parent, ORDERS[parent]))), "\n".join(told)


def test_no_import_goes_in_a_circle() -> None:
    assert not (told := list(circles(EDGES))), "\n".join(told)


@pytest.mark.parametrize("parent", ORDERS)
def test_each_part_has_its_place_in_the_order(parent: str) -> None:
    """So no module stands at the top of the house, or of `items`, but those that the order names."""
    assert {part for name in MODULES if (part := part_of(name, parent))} == {part for row in ORDERS[parent] for part in row}


def test_the_opening_of_a_wing_imports_nothing() -> None:
    """Each name has one place from which it is imported."""
    assert {name: imports(path) for name, path in MODULES.items() if path.name == "__init__.py" and imports(path)} == {}


def test_the_diagram_shows_the_wings_in_their_order() -> None:
    """Those of one height in any order; `__main__` is the command line by another name."""
    words = re.findall(r"^ {4}([a-z][a-z, ]*?)(?:  |$)", MODULES["notedeck"].read_text("utf-8").partition("place\n")[2], re.MULTILINE)
    drawn = [name for names in words for name in names.split(", ")]
    lowest = [part for row in WINGS[-3:] for part in row]
    ranks = {part: rank for rank, row in enumerate(WINGS[1:-3]) for part in row} | dict.fromkeys(lowest, len(WINGS))
    assert sorted(drawn) == sorted(ranks)
    assert [ranks[name] for name in drawn] == sorted(ranks.values())


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("notedeck.places.titles", "notedeck.content.content"),
        ("notedeck.report.run", "notedeck.inputs"),
        ("notedeck.plain", "notedeck.config"),
        ("notedeck.sources.folder", "notedeck.outline.blocks"),
    ],
)
def test_a_wrong_import_is_told_with_both_files(name: str, other: str) -> None:
    told = list(against({name: {other}}, "notedeck", WINGS))
    assert [shown(name) in one and shown(other) in one for one in told] == [True]


def test_a_wrong_import_between_rooms_is_told() -> None:
    name, other = "notedeck.items.signs.asking", "notedeck.items.scope.cutting"
    assert len(list(against({name: {other}}, "notedeck.items", ROOMS))) == 1
    assert any(shown(name) in one and shown(other) in one for one in circles({**EDGES, name: {other}}))


# Who may know what


def test_genanki_is_known_to_the_package_alone() -> None:
    assert importers("genanki") == {"notedeck.packages.package"}
    assert not any("genanki" in path.read_text("utf-8") for name, path in MODULES.items() if name != "notedeck.packages.package")


def test_each_library_has_its_place() -> None:
    assert {name for name in importers("typer") if not name.startswith("notedeck.terminal.")} == {"notedeck.cli"}
    assert importers("tomlkit") == {"notedeck.corrections.writing"}
    assert importers("watchfiles") == {"notedeck.preview.watching"}
    assert importers("latex2mathml") == {"notedeck.preview.formulas"}
    assert importers("nh3") == {"notedeck.content.cleaning"}
    assert importers("pygments") == {"notedeck.content.highlighting"}
    assert importers("tomllib") == {"notedeck.config", "notedeck.corrections.reading"}
    assert {name for name in importers("markdown_it") if not name.startswith("notedeck.outline.")} == set()
    assert importers("anki") == importers("pytest") == set()


def test_nothing_imports_the_screen_and_it_alone_knows_the_order() -> None:
    assert importers("notedeck.cli") == {"notedeck.__main__"}
    assert "notedeck.cli" in imports(HOUSE.parent / "build.py")
    assert importers("notedeck.pipeline") == {"notedeck.terminal.running"}


def test_one_place_prints() -> None:
    for name, path in MODULES.items():
        calls = {node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)}
        called = {one.id if isinstance(one, ast.Name) else one.attr for one in calls if isinstance(one, ast.Name | ast.Attribute)}
        if not name.startswith(("notedeck.cli", "notedeck.terminal.")):
            assert not called & {"print", "echo", "secho", "input"}, name
            assert not re.search(r"\bsys\.std(?:out|err)\b|\blogging\b", path.read_text("utf-8")), name


def test_every_module_opens_with_a_sentence() -> None:
    for name, path in MODULES.items():
        opening = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert opening, name
        assert opening[0].isupper() or opening.split()[0].endswith((":", ".toml", ".lock")) or opening.startswith("notedeck"), name


def test_every_public_name_says_what_it_is() -> None:
    """`@overload`s, properties and all; `main` and the command speak through their options."""
    silent = []
    for name, path in MODULES.items():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name}.{node.name}")
    assert silent == []
