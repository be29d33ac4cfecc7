"""The stage `tasks` and its parts, without a bus."""
