"""What a person sees of a build: what is told when it ends, how far it is, and the loops of `--watch` and `--preview`."""
