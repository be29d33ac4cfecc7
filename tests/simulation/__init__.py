"""Deterministic simulation of the runtime: the real runner, task, recovery and store against a simulated broker, disk and clock, everything from one seed.

`loop` is virtual time and processes that can be killed or frozen between any two operations, `log` and `broker` the topics and transactions, `network` how requests
get there, `clients` and `group` what stands for aiokafka and Faust, `disk` for RocksDB, `replaced` puts them in their places. `faults` says what goes wrong and when,
`counting` and `whole` are the two loads with what must come out, `schedule` is one run, `campaign` many of them.
"""
