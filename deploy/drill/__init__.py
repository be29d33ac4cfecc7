"""Drills: a story is played at a pace on topics of its own, and people react to it with the usual commands; then a report tells how fast they were.

A drill shares the broker with the real bus and nothing else: its namespace, its secret and keys, its states and its principals are its own, so that no
message of it reaches a real reader, and no token of it is one of a real person. `state` is its file, `course` says when what happens, `run` plays it,
`report` tells what people did, `end` takes it away.
"""
