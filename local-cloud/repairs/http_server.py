"""HTTP is read by httptools and served by uvicorn on uvloop, instead of hypercorn's h11.

Without it more than half of the server's processor time goes into taking requests apart in pure
Python, and the whole cloud, which is one thread, is as slow as that. Nothing else differs: the
application that answers is the same.
Upstream: ministack.app.main.
"""

import asyncio

import hypercorn.asyncio
import uvicorn

from patching import replace

KEEP_ALIVE_SECONDS = 75


def apply():
    # main() imports it from here when it starts.
    replace(hypercorn.asyncio, "serve", lambda _: serve)
    use_fast_loop()


def serve(application, config):
    """Takes what hypercorn would have been given."""
    host, port = config.bind[0].rsplit(":", 1)
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            host=host,
            port=int(port),
            http="httptools",
            loop="none",
            ssl_certfile=config.certfile,
            ssl_keyfile=config.keyfile,
            access_log=False,
            log_level=config.loglevel.lower(),
            # The application sets these itself.
            date_header=False,
            server_header=False,
            # Nothing stands in front of it.
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            ws="wsproto",
        )
    )
    return server.serve()


def use_fast_loop():
    try:
        import uvloop
    except ImportError:  # There is none for Windows.
        return
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
