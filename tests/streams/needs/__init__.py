"""Tests of `streams.supplies`."""
