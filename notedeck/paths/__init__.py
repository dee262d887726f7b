"""Paths as people name many of them at once: the patterns of deck.toml, `.notedeckignore` and `.gitignore`."""
