"""Tests of `deploy.supplies`."""
