"""notedeck: Anki decks from study notes.

    Source ──► Outline ──► Item ──► Note ──► Deck ──► decks/*.apkg
     bytes      blocks     meaning  identity  place

    sources    files and folders            -> Source
    outline    Source                       -> Outline (a tree of blocks, each with its lines)
    items      Outline                      -> Item (a question, its answer and what belongs to it)
    fields     Item                         -> Fields (clean HTML, with placeholders for pictures)
    identity   Fields and the lock          -> Note (guid, ids, times) and the next lock
    decktree   Note                         -> Deck (the book and its chapters)
    package    Deck                         -> .apkg
    report     what was built and what not  -> text, JSON

Imports point one way, along the arrows; `diagnostics`, `config` and `plain` lie under all of them.
`pipeline` knows the order, `cli` knows the screen, and nothing else knows either. Files are touched at
the two ends: sources, templates and lock are read first, lock and packages are written last.
"""

__version__ = "0.1.0"
