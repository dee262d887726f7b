"""The ways of writing a question, a module each: a recogniser reads one of them."""
