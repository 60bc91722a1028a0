"""Runs a probe inside MiniStack's own process, for faults that only counting its inner calls can
show: nothing here looks at a clock. `python PROBE.py stock` probes MiniStack as it is, `python
PROBE.py REPAIR` with that repair.
"""

import json
import pathlib
import sys
import types

PROJECT = pathlib.Path(__file__).resolve().parents[3]

sys.dont_write_bytecode = True
sys.path.insert(0, str(PROJECT / "local-cloud"))


def apply_chosen_repair():
    import launch

    chosen = sys.argv[1]
    launch.apply_repairs([] if chosen == "stock" else [chosen])


def counting_sleeps(module, sleep=lambda seconds: None):
    """Give a module a `time` whose sleeps are noted in the returned list, then done by `sleep`."""
    slept = []

    def noted(seconds):
        slept.append(seconds)
        sleep(seconds)

    time = module.time
    module.time = types.SimpleNamespace(time=time.time, monotonic=time.monotonic, sleep=noted)
    return slept


def report(**found):
    print(json.dumps(found))
