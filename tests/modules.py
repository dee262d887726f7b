"""The program's own files, and what each imports."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent / "notedeck"
MODULES = {".".join(path.relative_to(HOUSE.parent).with_suffix("").parts).removesuffix(".__init__"): path for path in sorted(HOUSE.rglob("*.py"))}


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, wherever the statement stands; each file is read once."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it points"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in MODULES}
    return frozenset(found)


def importers(name: str) -> set[str]:
    """The modules that import one, or anything in it."""
    return {module for module, path in MODULES.items() if any(one == name or one.startswith(f"{name}.") for one in imports(path))}


def shown(module: str) -> str:
    """A module as the path of its file."""
    path = MODULES.get(module)
    return path.relative_to(HOUSE.parent).as_posix() if path else module
