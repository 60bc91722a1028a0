"""How many threads work after work takes, and whether work that waits for other work gets it."""

import asyncio
import threading

import stage

from ministack.core import concurrency
from ministack.services import stepfunctions

stage.apply_chosen_repair()

used = []


def work():
    used.append(threading.current_thread())
    return len(used)


async def one_after_the_other():
    for _ in range(5):
        await concurrency.run_reentrant(work)
        # The thread has told its result before it is idle again.
        await asyncio.to_thread(stepfunctions._invoke_resource_with_timeout, None, None, 5)
    return len(set(used))


async def nested(depth):
    loop = asyncio.get_running_loop()

    def inner():
        if depth == 0:
            return 0
        asked = asyncio.run_coroutine_threadsafe(nested(depth - 1), loop)
        return asked.result(timeout=10) + 1

    return await concurrency.run_reentrant(inner)


async def failing():
    def fail():
        raise ValueError("on purpose")

    try:
        await concurrency.run_reentrant(fail)
    except ValueError as error:
        return str(error)
    return None


async def main():
    # Its tasks do nothing but say on which thread they were.
    stepfunctions._invoke_resource = lambda resource, given: work()
    return {
        "threadsForTenWorks": await one_after_the_other(),
        "nested": await nested(20),
        "failure": await failing(),
    }


stage.report(**asyncio.run(main()))
