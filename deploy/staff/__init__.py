"""People: who may decide and look at what, in which area, and that it is they who sit at the keyboard."""
