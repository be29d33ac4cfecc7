"""Which aliases are one person: `profiles` gathers what records say of an alias, `pairs` weighs what may be one person, `links` joins pairs into people.

What is compared, how, and under which keys is a spec (`specs/*.yaml`); how much each agreement weighs is a model (`models/*.json`), trained without labels.
"""
