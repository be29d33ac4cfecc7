"""Specs and models that come with the software."""
