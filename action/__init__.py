"""The steps of the action that are more than a few commands: what was asked for, the release, the pages, and what is told."""
