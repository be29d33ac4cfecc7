"""The runtime: what can be shown without a broker. With one: tests/broker."""
