"""The books' pages as a site: themselves, the pictures beside them, and a page that leads to them."""

from __future__ import annotations

import html
import shutil
from urllib.parse import quote

from action.run import Run
from action.words import WORDS

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif; }}
body {{ max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }}
</style>
<h1>{title}</h1>
<ul>
{links}
</ul>
"""


def write_site(run: Run) -> None:
    """Write the site anew beside the decks."""
    site = run.folder / "notedeck-site"
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir()
    books = [name for name in run.packed(".html") if "/" not in name]
    for name in (one for one in run.packed("") if not one.endswith(".apkg")):
        (site / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(run.decks / name, site / name)
    (site / "index.html").write_text(index(books, run.tongue), "utf-8")
    (site / ".nojekyll").touch()
    (site / ".notedeck").touch()


def index(books: list[str], tongue: int) -> str:
    """The page that leads to those of the books."""
    links = "\n".join(f'<li><a href="{quote(name)}">{html.escape(name.removesuffix(".html"))}</a>' for name in books)
    return _PAGE.format(language=("ko", "en")[tongue], title=WORDS["site"][tongue], links=links)
