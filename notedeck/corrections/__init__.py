"""corrections.toml -> what lines of the notes are, as their author says."""
