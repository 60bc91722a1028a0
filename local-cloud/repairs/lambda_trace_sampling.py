"""Of a function's calls, the first of each second and one in twenty of the others are traced.

Without it every call says that it is sampled, so tracing costs here what it costs nowhere else,
and code that is to leave the rest alone is never run.
Upstream: ministack.services.lambda_svc._xray_trace_id_for_invocation.
Source: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html (the sampling rate "is 1
request per second and 5 percent of additional requests").
"""

import random
import time

from ministack.services import lambda_svc

from patching import rewrite

FURTHER_SAMPLED = 0.05

# The second of the last call that was sampled for being its first.
_seconds = {}


def apply():
    rewrite(
        lambda_svc,
        "_xray_trace_id_for_invocation",
        ("Sampled=1\"\n", "Sampled={sampled_flag(config)}\"\n"),
        uses={"sampled_flag": sampled_flag},
    )


def sampled_flag(config):
    function, second = config.get("FunctionArn"), int(time.time())
    # Of two threads at once both may be the first: one more sample does no harm.
    if _seconds.get(function) != second:
        _seconds[function] = second
        return 1
    return int(random.random() < FURTHER_SAMPLED)
