"""Items as their author corrects them: what a line is told to be counts, and nothing but what it touches is another."""
