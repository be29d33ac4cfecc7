"""The register of staff, and keys of people."""
