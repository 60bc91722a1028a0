"""A FIFO queue feeds its function several batches at once, each of message groups that no other
batch holds.

Without it one batch is in flight per mapping, so one slow message group holds up all the others.
The queue itself already keeps a group locked while one of its messages is in flight, which is
what keeps the order.
Upstream: ministack.services.lambda_svc._sqs_esm_concurrency.
"""

from ministack.services import lambda_svc

from patching import rewrite


def apply():
    # What is left of the function: MaximumConcurrency, else 5, and never above the reserved
    # concurrency.
    rewrite(
        lambda_svc,
        "_sqs_esm_concurrency",
        ('    if (queue or {}).get("is_fifo"):\n        return 1\n', ""),
    )
