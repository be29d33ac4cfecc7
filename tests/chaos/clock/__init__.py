"""A folder for PYTHONPATH: a Python process that has it reads a clock that can be set while it runs."""
