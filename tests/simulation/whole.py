from tests.simulation.schedule import Load
def load(rng, codec): raise NotImplementedError
