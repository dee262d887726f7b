"""The notes of a build into a running Anki, over the add-on AnkiConnect: what is missing is sent, cards move, removed ones rest."""
