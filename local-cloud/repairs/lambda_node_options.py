"""Node.js functions start with source maps on, one known deprecation off, and the AWS SDK that
Lambda offers.

Without it stacks point into the bundle, MiniStack's own worker script writes a DEP0169 warning
into every function's log, and `require("@aws-sdk/...")` in code that does not bundle its SDK (the
providers of CDK) finds only stand-ins.
Upstream: ministack.core.lambda_runtime.Worker._spawn (hands the server's environment to the
workers).
"""

import os
import pathlib

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def apply():
    os.environ["NODE_OPTIONS"] = "--disable-warning=DEP0169 --enable-source-maps"
    os.environ["NODE_PATH"] = str(PROJECT / "node_modules")
