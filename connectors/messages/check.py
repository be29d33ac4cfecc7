"""Letters that show that a message was mistyped.

A number that is written by hand has one letter, which stands on the clinic's card: the number's rest by 23, as in the Spanish NIF. It finds every wrong
digit and every two neighbours that were swapped, since 23 is a prime that divides no power of ten and no difference of two digits. I, O and S are left
out, for they look like digits.

A message that a program writes may end with two letters for all of it, the rest by 523 of a polynomial in 31 over the code points. 523 is the largest
prime that two letters hold: every wrong sign and every two swapped neighbours of Latin letters and digits are found, and of Chinese signs all but one in 523.
"""

from __future__ import annotations

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PRIME, _BASE = 523, 31


def letter(clinic: str, number: int) -> str:
    """The letter of a running number of a clinic, whose own number counts too."""
    return LETTERS[int(f"{clinic}{number:04}") % len(LETTERS)]


def letters(content: str) -> str:
    """The two letters of a message, which is in the form that `read.content` gives it."""
    rest = 0
    for sign in content:
        rest = (rest * _BASE + ord(sign)) % _PRIME
    return LETTERS[rest // len(LETTERS)] + LETTERS[rest % len(LETTERS)]
