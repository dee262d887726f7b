"""How far a question reaches: which lines are its own, where its answer begins and ends, what follows it up."""
