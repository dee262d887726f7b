"""The book, the chapter and the deck of a page and of a note, and the names of these."""
