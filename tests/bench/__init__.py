"""Benchmarks of the running path: `python -m tests.bench [QUESTION ...] [--small]`.

A file for each question: `stages`, `path`, `latency`, `growth`, `spread`, `recovery`, `busy`, `replay`, `relay`. What they share: `ask` (what a question is given and
answers), `load` (invented records), `feed` and `copy` (bringing messages onto the bus), `steady` (a stream of them), `lag` and `ledgers` (how far stages have come),
`arrivals` (when messages come out), `workers` (processes and what they use), `footprint` (bytes), `presences` and `contacts` (for the contacts stage alone).
Programs that are started: `passing` for relay, `unlogged` for replay. `contact` compares the contact job with other engines.
"""
