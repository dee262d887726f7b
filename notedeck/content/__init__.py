"""Item -> Content: clean HTML, the fields of a note, and the prints by which it is known again."""
