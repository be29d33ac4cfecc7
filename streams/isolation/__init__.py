"""Who is to stay apart: `days` says until when by the plan's edition, `plan` what the plan asks for, `orders` what officials add, `breaches` who was elsewhere.

`stage` keeps it.
"""
