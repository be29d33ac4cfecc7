"""Who is told what.

`public` says what follows from areas, levels and exposures, `residents` what from a linked case, `text` and `say` put it into words, `stage` keeps it.
"""
