"""An execution starts its first state at once.

Without it every execution sleeps 150 ms first, which hides how long a saga really takes.
Upstream: ministack.services.stepfunctions._run_execution.
"""

from ministack.services import stepfunctions

from patching import rewrite


def apply():
    rewrite(stepfunctions, "_run_execution", ("    time.sleep(0.15)\n", ""))
