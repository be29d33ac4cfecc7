"""Mutated messages through every connector and onto every topic: `make fuzz`, or `python -m tests.fuzz --seed 7 --count 100000`.

Everything follows from the seed and the number of an input, so one that fails is tried again alone: `python -m tests.fuzz --seed 7 --only 12345`.
"""
