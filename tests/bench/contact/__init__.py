"""The contact job, ours beside what a user would otherwise pick: `python -m tests.bench.contact`; every answer is checked in full.

`job` draws it, `answer` knows the pairs, `wire` and `publish` bring it onto the bus, `watch` reads the broker, `run` lets one implementation do it.
"""
