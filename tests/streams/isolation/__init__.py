"""Tests of streams/isolation."""
