"""The log that can be proved, held against public vectors, against a tree written as RFC 9162 defines it, and against ten thousand tamperings."""
