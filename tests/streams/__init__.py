"""The path, file for file: each stage on its own, without a broker."""
