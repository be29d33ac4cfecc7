"""The whole path under a mixed load and faults of every kind on a real broker, judged against the oracle: `python -m tests.chaos`, the long form `make chaos`.

`load` writes what the sources and stewards say into portions on disk, `publisher` is the process that publishes them. `site` puts broker, registry, relay, receiver and
processes up; `faults` says what may go wrong and `driver` lets it happen while `monitor` watches. `judge` and `history` compare with the oracle what stands in the end,
and everything that anybody ever saw on the way. `report` tells it.
"""
