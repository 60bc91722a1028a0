"""How many of a thousand calls within one second are sampled, and of one call in the next; a
function that is not traced gets no trace at all.
"""

import random
import time

import stage

from ministack.services import lambda_svc

stage.apply_chosen_repair()

random.seed(20_260_101)
now = 1_700_000_000.0
time.time = lambda: now


def trace_of(name, mode="Active"):
    config = {
        "FunctionArn": f"arn:aws:lambda:us-east-1:000000000000:function:{name}",
        "TracingConfig": {"Mode": mode},
    }
    return lambda_svc._xray_trace_id_for_invocation(config)


def sampled(trace):
    return trace.endswith(";Sampled=1")


first = sampled(trace_of("busy"))
others = sum(sampled(trace_of("busy")) for _ in range(999))
other_function = sampled(trace_of("idle"))
now += 1
stage.report(
    firsts=[first, other_function, sampled(trace_of("busy"))],
    others=others,
    untraced=trace_of("busy", mode="PassThrough"),
)
