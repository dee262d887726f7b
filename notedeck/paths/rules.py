"""What deck.toml says under `[paths."folder/"]` -> rules, and what they come to for one path."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from notedeck.diagnostics import Span
from notedeck.paths.patterns import Pattern, pattern_of
from notedeck.plain import nfc

Tell = Callable[[str, str, str, tuple[str, ...]], None]
"""Called with the table, the key, the code and the details of what is wrong."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """What deck.toml says of the pages along some paths; None where it says nothing."""

    pattern: Pattern
    span: Span
    """Where deck.toml says it."""
    book: str | None = None
    deck: str | None = None
    tags: tuple[str, ...] | None = None
    skip: bool | None = None
    recognisers: Mapping[str, bool] = field(default_factory=dict)


_TEXT = (lambda value: isinstance(value, str), '"words"')
_SWITCH = (lambda value: isinstance(value, bool), "true | false")
_TAGS = (lambda value: isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value), '["tag", …]')
_SWITCHES = (lambda value: isinstance(value, dict), "{ name = true | false, … }")
_KEYS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "book": _TEXT,
    "deck": _TEXT,
    "tags": _TAGS,
    "skip": _SWITCH,
    "recognisers": _SWITCHES,
}
"""What can be said of paths: what a value must be, and that in words."""


def read_rules(table: Mapping[str, Any], recognisers: Collection[str], place: Callable[[str], Span], tell: Tell) -> tuple[PathRule, ...]:
    """The rules of the table `[paths]`; each mistake is told. `place` says where a pattern stands in deck.toml."""
    rules = []
    for words, said in table.items():
        pattern = pattern_of(nfc(words))
        if pattern is None or not isinstance(said, dict):
            tell("paths", words, "config-value", (f'paths."{words}"', '[paths."folder/"]'))
            continue
        if mistakes := list(_mistakes(said, recognisers)):
            for key, code, *details in mistakes:
                name = f'paths."{words}".{key}'
                tell(f"paths.{words}", key.rpartition(".")[2], code, (name, *details))
            continue
        rules.append(PathRule(pattern, place(words), **{key: _finished(value) for key, value in said.items()}))
    return tuple(rules)


def _mistakes(said: Mapping[str, Any], recognisers: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Key, code and details of each mistake in what is said of one pattern."""
    for key, value in said.items():
        if key not in _KEYS:
            yield key, "config-key"
        elif not _KEYS[key][0](value):
            yield key, "config-value", _KEYS[key][1]
        elif key == "recognisers":
            yield from ((f"{key}.{name}", "config-key") for name in value if name not in recognisers)
            yield from ((f"{key}.{name}", "config-value", _SWITCH[1]) for name, one in value.items() if not isinstance(one, bool))


def _finished(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(dict.fromkeys(nfc(one).strip() for one in value))
    return nfc(value).strip() if isinstance(value, str) else value


def along(rules: Sequence[PathRule], path: str) -> tuple[Mapping[str, Any], Mapping[str, bool]]:
    """What the rules say of a page, by its path: values by their keys, and switches of recognisers; the longest pattern counts most.

    `above` is how many of the page's folders its book stands for: those that the rule names.
    """
    parts = path.split("/")
    found = [(len(one.pattern.words), one, depth) for one in rules if (depth := one.pattern.depth(parts))]
    values: dict[str, Any] = {}
    switches: dict[str, bool] = {}
    for _, rule, depth in sorted(found, key=lambda row: row[0]):
        values |= {key: value for key in ("book", "deck", "tags", "skip") if (value := getattr(rule, key)) is not None}
        values |= {"above": min(depth, len(parts) - 1)} if rule.book else {}
        switches |= rule.recognisers
    return values, switches
