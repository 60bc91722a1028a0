"""How many deduplication entries 200 sends to one FIFO queue look at, and whether they still
deduplicate.
"""

import types

import stage

from ministack.services import sqs

stage.apply_chosen_repair()

SENDS = 200
looked_at = 0


class Entry(dict):
    def __getitem__(self, key):
        global looked_at
        if key == "expire":
            looked_at += 1
        return super().__getitem__(key)


class Cache(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, Entry(value))


clock = {"now": 1_000_000.0}
sqs.time = types.SimpleNamespace(time=lambda: clock["now"])
url = sqs._act_create_queue(
    {"QueueName": "probe.fifo", "Attributes": {"FifoQueue": "true"}}, ""
)["QueueUrl"]
queue = sqs._queues[url]


def send(deduplication_id):
    # The cache may be replaced by a plain one on each send.
    queue["dedup_cache"] = Cache(queue["dedup_cache"])
    for key, value in list(queue["dedup_cache"].items()):
        queue["dedup_cache"][key] = value
    sqs._act_send_message(
        {
            "QueueUrl": url,
            "MessageBody": "body",
            "MessageGroupId": "group",
            "MessageDeduplicationId": deduplication_id,
        },
        url,
    )


for number in range(SENDS):
    send(f"id-{number}")
looked_at_in_sends = looked_at
send("id-0")
after_duplicate = len(queue["messages"])
clock["now"] += 301
send("id-0")
stage.report(
    lookedAt=looked_at_in_sends,
    messagesAfterDuplicate=after_duplicate,
    messagesAfterExpiry=len(queue["messages"]),
    entriesAfterExpiry=len(queue["dedup_cache"]),
)
