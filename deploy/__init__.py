"""The local stack, the command line, and what puts the parts together."""
