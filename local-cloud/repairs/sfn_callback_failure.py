"""A task that waits for its token fails when the function that should answer throws.

Without it the function's error is swallowed and the execution waits until TimeoutSeconds.
Upstream: ministack.services.stepfunctions._invoke_with_callback.
"""

from ministack.services import stepfunctions

from patching import rewrite


def apply():
    rewrite(
        stepfunctions,
        "_invoke_with_callback",
        (
            "        except _ExecutionError:\n            pass\n",
            "        except _ExecutionError:\n"
            "            _task_tokens.pop(token, None)\n"
            "            raise\n",
        ),
    )
