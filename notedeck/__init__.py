"""notedeck: Anki decks from study notes.

    Source ──► Outline ──► Item ──► Note ──► Deck ──► decks/*.apkg
     bytes      blocks     meaning  identity  place

    sources    folders, files and zips      -> Source, and the pictures beside it
    outline    Source                       -> Outline (a tree of blocks, each with its lines)
    items      Outline                      -> Item (a question, its answer and what belongs to it)
    fields     Item                         -> Content (clean HTML, with placeholders for pictures)
    findings   Content                      -> its gist, by which it is placed and known again, and the rest packed
    drafts     Findings                     -> Draft (with its pictures found)
    identity   Draft and the lock           -> Note (guid, ids, times), and the next lock
    decktree   Note                         -> packages of decks: books, chapters, tags
    package    a package                    -> .apkg
    output     what was made                -> decks/, each file whole or not at all
    report     what was built and what not  -> JSON; summary, for the terminal
    preview    the same cards as a page     -> decks/<book>.html, and the live page of `--preview`; `page` is its frame

`front` is the pure part, from Source to Findings; `readers` does it for all sources, in several `processes`, and what `cache`
holds it takes from there, in the form of `packing`. `notefields` writes a content's fields when its card is written, with Anki's
own marks as `arming` leaves them. `fields` stands on `writing`, from blocks to HTML, which `cleaning` judges where it must and
`highlighting` colours, and on `prints`, what a note is known again by, with `sketch` for a changed answer. Beside them: `inputs`
reads configuration, lock and the packages of the last build (`shipped`); `notetypes` the templates; `titles` and `places` name
books, chapters, tags and files; `run` holds what a run is asked for and what it knows at its end; `quick` makes many values.

Imports point one way, along the arrows; `diagnostics`, `messages`, `config` and `plain` lie under all of them.
`pipeline` knows the order, `cli` knows the screen, and nothing else knows either. Files are touched at
the two ends: sources, templates and lock are read first, lock and packages are written last.
"""

__version__ = "0.1.0"
