"""Hooks of MkDocs: the navigation, which holds every page of docs/, and the language of what stands around a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TABS = {"English": "", "한국어": "ko"}
"""The title of each language's tab, and the folder of its pages in docs/."""


def on_config(config: Any) -> None:
    """Order the pages of each language as `extra.order` says, and those that it does not name behind them."""
    config.nav = [{title: _pages(Path(config.docs_dir), folder, config.extra["order"])} for title, folder in TABS.items()]


def on_page_context(_: Any, page: Any, config: Any, **__: Any) -> None:
    """Let the buttons around a page speak its language: pages are written one after the other."""
    config.theme["language"] = "ko" if page.file.src_uri.startswith("ko/") else "en"


def _pages(docs: Path, folder: str, order: list[str]) -> list[str]:
    names = sorted((path.stem for path in (docs / folder).glob("*.md")), key=lambda name: (order.index(name) if name in order else len(order), name))
    return [f"{folder}/{name}.md".lstrip("/") for name in names]
