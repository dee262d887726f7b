"""The cards as a page to look at: before Anki has them, and for those who have no Anki."""
