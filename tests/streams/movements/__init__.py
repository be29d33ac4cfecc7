"""Movements: from scans and other records to presences and exposures."""
