"""Source systems: one YAML file each, and at most one small function."""
