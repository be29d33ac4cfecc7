"""How well people are linked, told of invented ones."""
