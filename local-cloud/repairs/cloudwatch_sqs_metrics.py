"""The queues' depth and age are recorded as AWS/SQS metrics.

Without it there are no AWS/SQS metrics, so an alarm on a dead-letter queue or on the oldest
message never fires.
Upstream: nothing in MiniStack records them; the numbers come from ministack.services.sqs._queues.
Source:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

import logging
import threading
import time

from ministack.core.responses import _request_account_id, _request_region
from ministack.services import cloudwatch, sqs

RECORD_EVERY_SECONDS = 5


def apply():
    threading.Thread(target=_record_for_ever, daemon=True, name="sqs-metrics").start()


def _record_for_ever():
    while True:
        time.sleep(RECORD_EVERY_SECONDS)
        try:
            record_queue_metrics()
        except Exception:
            # One bad pass must not end the metrics of all later ones.
            logging.getLogger("inorder").exception("queue metrics")


def record_queue_metrics():
    now = time.time()
    for (account, region, _url), queue in list(sqs._queues.all_items()):
        account_token = _request_account_id.set(account)
        region_token = _request_region.set(region)
        try:
            _record(queue, now)
        finally:
            _request_account_id.reset(account_token)
            _request_region.reset(region_token)


def _record(queue, now):
    messages = list(queue["messages"])
    visible = sum(message.get("visible_at", 0) <= now for message in messages)
    oldest = min((message.get("sent_at", now) for message in messages), default=now)
    dimensions = {"QueueName": queue["attributes"].get("QueueArn", "").rsplit(":", 1)[-1]}
    for metric, value, unit in (
        ("ApproximateNumberOfMessagesVisible", visible, "Count"),
        ("ApproximateNumberOfMessagesNotVisible", len(messages) - visible, "Count"),
        ("ApproximateAgeOfOldestMessage", now - oldest, "Seconds"),
    ):
        cloudwatch.record_metric("AWS/SQS", metric, value, unit, dimensions)
