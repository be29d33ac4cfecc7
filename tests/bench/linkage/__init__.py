"""How fast people are linked, one record after another, with more and more people before; and beside Splink on the same records."""
