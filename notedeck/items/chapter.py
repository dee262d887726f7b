"""A chapter: a numbered heading, or what stands for one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered heading, folder or page; where there is no number, one that stands for a chapter."""

    title: str
    """As written, without its presenter."""
    number: int = 0
    unit: str = ""
    """What follows the number (`장`, `주차`) or stands before it (`Chapter`); empty without a number."""

    @property
    def unit_leads(self) -> bool:
        """Whether the unit stands before the number, as in `Chapter 1`."""
        return self.unit.isascii()
