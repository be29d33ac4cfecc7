"""Which aliases are one person: `blocks` makes pairs of what shares strong evidence, `links` joins pairs into people.

Weak evidence and the review grade come in through the same two topics: `identity.block` carries what is compared,
`identity.match` the pairs that hold.
"""
