"""Needs of people, and who serves them: `reports` makes one need of several reports, `match` finds a provider for each, `stage` keeps it."""
