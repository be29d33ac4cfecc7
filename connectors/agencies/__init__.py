"""Agencies: one YAML file each."""
