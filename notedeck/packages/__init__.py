"""Note -> .apkg: what a package holds, how it is written, and what the last one held."""
