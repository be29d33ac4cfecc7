"""The command `lianfang`: one module for each group of commands."""
