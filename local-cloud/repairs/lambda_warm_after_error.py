"""A function that threw stays warm.

Without it each handler error kills the worker process, so the next call pays a cold start and a
module's memory (caches, connections, counters) is gone, which real Lambda keeps.
Upstream: ministack.core.lambda_runtime.Worker.invoke.
"""

from ministack.core import lambda_runtime

from patching import rewrite


def apply():
    # Only an error that the handler threw carries its stack in `trace`; a dead or silent worker
    # has none.
    rewrite(
        lambda_runtime.Worker,
        "invoke",
        (
            'if response.get("status") == "error":',
            'if response.get("status") == "error" and "trace" not in response:',
        ),
    )
