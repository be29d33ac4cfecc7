"""Benchmarks: `python -m tests.bench` prints what each stage carries on one core, what the runtime costs beside a plain loop, and latency."""
