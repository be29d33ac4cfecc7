"""The stages that count."""
