"""MaxDelaySeconds and JitterStrategy of a Retry count.

Without it the pause between attempts grows without the limit that the definition states, and many
executions that failed together retry together.
Upstream: ministack.services.stepfunctions._execute_task.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

import random

from ministack.services import stepfunctions

from patching import rewrite


def apply():
    rewrite(
        stepfunctions,
        "_execute_task",
        (
            "sleep_sec = interval * (backoff ** count)",
            "sleep_sec = retry_delay_seconds(retrier, interval * (backoff ** count))",
        ),
        uses={"retry_delay_seconds": retry_delay_seconds},
    )


def retry_delay_seconds(retrier, seconds):
    limited = min(seconds, retrier.get("MaxDelaySeconds", seconds))
    return random.uniform(0, limited) if retrier.get("JitterStrategy") == "FULL" else limited
