"""The oracle: the whole view computed from the set of source facts in the plainest way, in one go, without any code of the path.

`facts` says which versions stand and what they tell, `people` who is one person, `presences` who was where, `evidence` what is known about a person,
`tracing` who met whom, `cases` what the linked case is, `tasks` who has to do what about it, `measures` what may be put on the person, `isolation` who is to stay apart, `statistics` how many count
as what, `signals` where that is too many, `releases` who may see it, `answer` all of it together.
It may read configuration (policy numbers, source and agency files) and the models of `schemas`; test_independence holds it to that.
"""
