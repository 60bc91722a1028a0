"""How many Python functions the server calls to read a request and to answer it, the application's
own not counted, and whether a connection serves many.
"""

import asyncio
import http.client
import os
import socket
import sys
import threading

import stage

import hypercorn.asyncio
from hypercorn.config import Config

stage.apply_chosen_repair()

REQUESTS = 100
calls = 0
bodies = []
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    message = await receive()
    bodies.append(message["body"])
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def count(_frame, event, _argument):
    global calls
    if event == "call":
        calls += 1


def ask(connection):
    connection.request("POST", "/path", body=b"asked", headers={"x-amz-target": "Probe"})
    return connection.getresponse().read()


def client(loop, answers):
    for _ in range(1000):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            answers.append(ask(connection))
            break
        except ConnectionRefusedError:
            continue
    loop.call_soon_threadsafe(lambda: sys.setprofile(count))
    for _ in range(REQUESTS):
        answers.append(ask(connection))
    loop.call_soon_threadsafe(lambda: sys.setprofile(None))
    stage.report(
        callsPerRequest=calls // REQUESTS,
        answers=sorted({answer.decode() for answer in answers}),
        bodies=sorted({body.decode() for body in bodies}),
    )
    sys.stdout.flush()
    # Both servers would wait for their connections to end.
    os._exit(0)


async def serve():
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.loglevel = "ERROR"
    loop = asyncio.get_running_loop()
    threading.Thread(target=client, args=(loop, []), daemon=True).start()
    await hypercorn.asyncio.serve(application, config)


asyncio.run(serve())
