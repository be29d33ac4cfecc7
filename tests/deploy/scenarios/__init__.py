"""Tests of the stories' own parts."""
