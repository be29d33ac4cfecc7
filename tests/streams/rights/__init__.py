"""Tests of the rights of residents."""
