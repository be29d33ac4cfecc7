"""Stages on Kafka.

`engine` extends Faust, `task` is one batch one transaction, `store` and `changelog` are the state,
`runner` is a member of a stage's group, `worker` runs them.
"""
