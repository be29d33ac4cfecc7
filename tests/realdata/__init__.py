"""The published case trajectories of Chinese provinces through the bus: `LIANFANG_REALDATA=/folder/of/the/data python -m tests.realdata`.

Source tracing on published outbreaks with known infectors is a test: `LIANFANG_REALDATA=… pytest tests/realdata/test_infectors.py`.

The data are of others and about real people: they stay where they are, nothing of them is in the project, and no test needs them.
"""
