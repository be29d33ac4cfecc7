"""What the broker lets each principal do, by trying all of it: `python -m tests.acls` prints the matrix."""
