"""Contacts: presences that overlap exposures."""
