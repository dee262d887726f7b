"""What a line says: how people ask, what they write around a question, what a line looks like."""
