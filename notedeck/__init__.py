"""notedeck: Anki decks from study notes.

    Source ──► Outline ──► Item ──► Content ──► Note ──► Deck ──► decks/*.apkg, Anki
     bytes      blocks     meaning   words     identity  place

    cli         options and exit status
    terminal    what a person sees of a build, and the loops of `--watch` and `--preview`: the only place that prints
    pipeline    the stages in their order
    outputs     what a build writes: the lock, the packages, each book's page
    preview     the cards as a page: decks/<book>.html, and the live page of `--preview`
    inputs      what a build reads beside the notes: deck.toml, cards.lock, the packages of the last build
    report      what was built and what was not: for the terminal, as JSON, in words
    sync        the notes of a build into a running Anki: what it holds, the steps from there, and these done one by one
    packages    Note -> .apkg: decks and subdecks, note types; and what the last packages held
    identity    Content and the lock -> Note: guid, ids, times; and the next lock
    reading     all that is below for all sources, packed, remembered, in several processes: a pure function of each
    content     Item -> Content: clean HTML, with placeholders for pictures; fields, and the prints a note is known again by
    places      the book, the chapter and the deck of a page and of a note, by titles and folders
    items       Outline -> Item: `ways` of writing a question, on the `scope` of each, on the `signs` in its lines
    corrections  corrections.toml -> what its author says of lines of the notes, and which lines these are
    outline     Source -> Outline: a tree of blocks, each with its lines in the file
    sources     folders, files, zips -> Source, and the pictures that lie beside it
    machine     the cache, processes, the output folder, the page's frame: what knows nothing of cards
    config, paths, diagnostics, plain, account

Each imports only what stands below it; neither do `inputs` and `report` know each other, nor `outline` and `sources`. Files
are touched at the two ends: sources, templates and lock are read first, lock and packages are written last.
"""

__version__ = "0.2.0"
