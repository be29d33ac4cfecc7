"""Stages on Kafka: `engine` extends Faust, `task` is one batch one transaction, `store` and `changelog` are the state, `worker` runs them."""
