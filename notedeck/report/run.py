"""What a run is asked for, and what it knows when it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from notedeck.account import Account
from notedeck.config import Config
from notedeck.corrections.corrected import NO_CORRECTIONS, Corrected
from notedeck.diagnostics import Diagnostic, Level
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.notes import Note
from notedeck.machine.output import Written
from notedeck.machine.page import Page
from notedeck.packages.decktree import PackagePlan
from notedeck.packages.notetypes import NoteType
from notedeck.reading.findings import Read
from notedeck.sources.files import File, Tree

if TYPE_CHECKING:  # most builds speak to no Anki
    from notedeck.sync.steps import Synced

_HOUSE = Path(__file__).resolve().parents[1]
TEMPLATES = next((folder for folder in (_HOUSE / "templates",) if folder.is_dir()), _HOUSE.parent / "templates")
"""The templates that come with the program: inside it where it was installed, at the top of a checkout where they are edited."""

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    notes: tuple[Path, ...] = (Path("notes"),)
    out: Path = Path("decks")
    only: tuple[str, ...] = ()
    lock: Path | None = None
    config: Path | None = None
    corrections: Path | None = None
    strict: bool = False
    plan: bool = False
    refresh: bool = False
    fresh: bool = False
    same: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    templates: Path = TEMPLATES
    jobs: int = 0
    """Processes that read notes and write packages; 0 for as many as the machine has cores."""
    pictures: bool = False
    """Whether pictures are brought from the net."""
    sync: bool = False
    """Whether the notes go into the Anki that runs here; with `plan`, whether it is looked up what would."""
    delete_removed: bool = False
    overwrite_edited: bool = False
    key: str = field(default="", repr=False)
    """What AnkiConnect wants to hear; never in a file."""
    keeps_texts: bool = True
    """Whether the notes' texts are wanted behind the build, as the preview shows them."""


@dataclass(frozen=True, slots=True)
class Built:
    """All that a run knows when it ends."""

    reads: tuple[Read, ...] = ()
    notes: tuple[Note, ...] = ()
    removed: tuple[LockedNote, ...] = ()
    """Notes that this run found gone; their sources as the author would type them."""
    plans: tuple[PackagePlan, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    account: Account = Account()
    written: Written = Written((), ())
    trees: Mapping[Path, Tree] = field(default_factory=dict)
    """Where the notes and their pictures lie."""
    brought: Mapping[str, File] = field(default_factory=dict)
    """Pictures that came from the net, by their addresses."""
    on_the_net: int = 0
    """How many pictures lie on the net that cards show and nobody brought."""
    config: Config = Config()
    types: tuple[NoteType, ...] = ()
    """With their templates; none if these cannot be read."""
    page: Page | None = None
    lock: Lock | None = None
    """As it is after this run."""
    corrected: Corrected = NO_CORRECTIONS
    """The corrections with the lines that they mean."""
    is_whole: bool = False
    """Whether the run speaks of all notes of its lock."""
    synced: Synced | None = None

    @property
    def failed(self) -> bool:
        """Whether the author has something to mend, for which nothing was written; what hindered a sync is not that."""
        return any(one.level is Level.ERROR for one in self.diagnostics if self.synced is None or one is not self.synced.problem)
