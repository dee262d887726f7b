"""A page divided: its title, its properties, its chapters."""
