"""Outline -> [Item]: what a reader sees in the notes."""
