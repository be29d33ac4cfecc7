"""The bus under more load than it can carry: `python -m tests.overload`; a short form is tests/broker/test_overload.py."""
