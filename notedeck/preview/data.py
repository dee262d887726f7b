r"""What the page shows, as one JSON object.

The page is `templates/page/`: `page.html`, and all `*.css` and `*.js` there, each joined in the order of their names,
each `{{name.part}}` in them replaced by that file.
In `page.html` these marks are replaced, each once: `{{title}}` (escaped), `{{policy}}` (the content security policy,
for a `<meta http-equiv>`), `{{style}}` (inside `<style>`), `{{script}}` (inside `<script>`), `{{data}}` (inside
`<script type="application/json" id="data">`). In `decks/<book>.html` the data is the object below, but for its pieces and cards, which are
packed: see there. In the preview it is
`{"version": 1, "mode": "preview", "data": "/data.json", "events": "/events"}`: the page fetches the object from
`data`, and again at each `built` of the event stream `events` (`event: building` when a build begins, `event: built`
with `{"error": bool, "tag": text}` when data is there, after an error too; the newest `built` comes again to each who connects.
`tag` is the data's ETag without its quotation marks: who has data of that tag has the newest). Where corrections.toml may be changed
there stand two more keys, `changes` and `token`; where the notes may go into Anki, `sync` and `token`. A change is a POST of JSON to
`changes`, with the token as the header `X-Notedeck-Token` and, as `on`, the tag of the data on which it is made:

    {on, do: "mark", source, line, as, tags?}     say what a line is; tags of the card that begins there, "-…" takes one away
    {on, do: "take", number}                      take a correction back
    {on, do: "undo"}                              bring back what the file held before the last change

The answer is {written, version?, path?, line?}, with the line that it was about: the change is in data whose corrections have that version.
Or it is {problem, message: [Korean, English]}: "stale" where the page's data is not the newest, "broken" where the file has a mistake,
"nothing" where there is nothing to undo. What concerns Anki is a POST to `sync` with the same header:

    {do: "look"}          whether Anki answers -> {answers}
    {do: "plan"}          what a sync would do -> {lines: [[Korean, …], [English, …]], plan}; nothing is written
    {do: "sync", plan}    build and sync as `--sync` does, if that is still what the plan of this name said -> {lines, plan}

Where that cannot be, `problem` and `message` stand beside what there is of it: the code of a diagnostic, "stale" with the new plan, or "busy".

    version   1
    mode      "book" | "preview"
    name      the book; in the preview the notes as the author typed them
    books     [{name, file}]                          file: the package's name
    decks     [{book, name, title, cards, open}]      book: its place in books; name: full, parts joined by "::"; title: the
                                                      chapter as written, "" for cards outside chapters; cards, open:
                                                      how many cards and how many unanswered questions lie in it alone
    types     [{name, style}]                         note types: style is the CSS that Anki has for their cards
    tags      [tag, …]
    pieces    [html, …]                               what several cards share, and pictures' addresses
    cards     in the order in which Anki shows new ones; what is empty, 0 or false in one is left out, but for id, deck, type, front
                  and back:
      id          short and stable; of an unanswered question it begins with "?", of a note's further cards it ends in "-2" and so on
      deck, type  places in decks and types
      front, back   a list to be joined: a text stands for itself, a number for pieces[number], null (in back) for the front
      question    plain
      text        plain: all else that a search should find (answer, context, questions above, label, page, asker, chapter)
      tags        [place in tags, …]
      parent      id of the card that this one follows up
      label, chapter, page, asker       plain
    cards, preview only:
      status      "unanswered" | "removed"; absent for a card (a removed one comes last, in the deck where it was)
      change      "new" | "edited" | "reworded" | "moved" | "removed" | "doubtful" | "returned"; absent if it is the same; of
                  an unanswered question always absent
      cause       id of the card along with which it changed, if nothing of its own did
      likely      [id, …]  of a doubtful one: which former cards it may be
      changed     {field: html}     the words of each field that changed, with <ins> and <del>; fields are Anki's names, "Deck", "Tags"
      source      place in sources
      line, end   its first and last line there, from 1

A side is drawn in an element with the classes `card` and `card1` (and `nightMode` at night), where `types[type].style` holds.

A book's page only:

    pictures  {name: address}       of each picture of the book, by its name in Anki
    packed    a deflate stream in base64, of lines of JSON: {decks: [name], tags, pieces, cards}, some cards each. Their places are those of
              the line's own decks, tags and pieces; a picture's name stands for its address behind a text that ends in
              `<img src="`, `<audio controls src="` or `<video controls src="`

Preview only:

    sources     [{path, inside, title, text, roles, cards, account}]
      inside      its path as corrections.toml may name it
      text        the source's own text, of an HTML page its text as it is read; lines end with "\n"
      roles       a letter for each line: q question, o question that waits for its answer, a answer, c context, h heading,
                  m metadata (labels, properties), u unread, x set aside by a correction, "." nothing to read in it (empty, a rule, a fence)
      cards       {line from 1: [place in cards, …]}   innermost first: a follow-up before the question that it follows up
      account     {characters, on_cards, structure, set_aside, unread}
    unread      [{source, line, end, might}]      each run of unread lines; might: what its first line might be, as `as` says, likeliest first
    corrections {file, version, entries, undo}    only where corrections.toml may be changed; version: how often this preview had changed it
                                                  when the build began
      entries     [{number, text, as, tags, file, under, reason, at, status, source, line}]    in the order of the file, whose line `at` it is;
                  reason: the comment above it and its own; status: "held", or "lost" and "unclear", which have null as source and line
      undo        {source, line} of the last change, null where there is none
    diagnostics [{path, line, level, code, message, source}]    message: [Korean, English]; level: "error" | "warning" | "note";
                source: place in sources, or null
    numbers     {account, askers: [{name, cards, open}]}        of all sources; by chapter: decks; `name` may be ""
    built       when, as ISO 8601
    error       whether the notes as they are now have an error: diagnostics are of now, all else is of the last good build
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from notedeck.machine.cache import Cache
from notedeck.packages.decktree import PackagePlan
from notedeck.packages.notetypes import NoteType
from notedeck.packages.packed import PackedNote
from notedeck.preview.blocks import END, blocks, joined_decks
from notedeck.preview.cards import cards_data
from notedeck.preview.faces import Faces
from notedeck.preview.guesses import unread_data
from notedeck.preview.questions import shown_questions, shown_removed
from notedeck.preview.shown import Json
from notedeck.preview.sources import askers_data, sources_data
from notedeck.report.run import Built

VERSION = 1


def book_data(plan: PackagePlan, types: Sequence[NoteType], ids: Mapping[str, str], addresses: Mapping[str, str], cache: Cache) -> Json:
    """The data of one book: nothing but what its package holds. `ids` gives the ID of each follow-up's parent, by guid."""
    notes = sorted(plan.notes, key=lambda packed: packed.due)
    used = [one for one in types if any(packed.type == one.name for packed in notes)]
    made = list(blocks(plan.book, notes, used, ids, cache))
    return {
        "version": VERSION,
        "mode": "book",
        "name": plan.book,
        "books": [{"name": plan.book, "file": plan.file}],
        "decks": joined_decks(made),
        "types": [{"name": one.name, "style": one.style} for one in used],
        "tags": sorted({tag for block in made for tag in block.tags}),
        "pictures": addresses,
        "packed": base64.b64encode(b"".join([block.packed for block in made]) + END).decode(),
    }


def preview_data(built: Built, name: str, shipped: Mapping[str, PackedNote], addresses: Mapping[str, str], faces: Faces | None = None) -> Json:
    """The data of the preview, but for what moves with each build; `shipped` holds the notes as they were packed last, by guid."""
    shown = [*shown_questions(built, shipped), *shown_removed(built, shipped)]
    sources = sources_data(built.reads, shown)
    return {
        "version": VERSION,
        "mode": "preview",
        "name": name,
        **cards_data(shown, built.types, addresses, faces),
        "sources": sources,
        "unread": unread_data(sources, [read.found.is_out for read in built.reads]),
        "numbers": {"account": asdict(built.account), "askers": askers_data(built.reads)},
    }
