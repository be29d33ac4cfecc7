"""The local stack: real Apache Kafka and a real schema registry, from PyPI and Maven packages alone, on loopback."""
