"""How well people are linked, and why: labelled files through the real stages, models tried on what stands, and what stewards' decisions tell of both."""
