"""How many threads a warm call of a function starts and a sandbox keeps, and what it answers and
logs: also when that is more than a pipe holds, when it takes too long and when its process ends.
"""

import io
import threading
import zipfile

import stage

from ministack.core import lambda_runtime

stage.apply_chosen_repair()

CODE = """
exports.handler = async (event) => {
  if (event.end) process.exit(3);
  if (event.print) console.log(event.print.repeat(event.times));
  if (event.wait) await new Promise(() => setInterval(() => {}, 1000));
  return (event.answer || "done").repeat(event.times || 1);
};
"""
LARGE = 300_000
started = []


class Counted(threading.Thread):
    def start(self):
        started.append(self.name)
        super().start()


def packed():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("index.js", CODE)
    return archive.getvalue()


config = {
    "FunctionName": "probe",
    "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:probe",
    "Runtime": "nodejs24.x",
    "Handler": "index.handler",
    "Timeout": 5,
}
worker = lambda_runtime.Worker("probe", config, packed())
threads = threading.active_count()
worker.invoke({}, "first")
kept = threading.active_count() - threads
real, threading.Thread = threading.Thread, Counted
warm = worker.invoke({"print": "line", "times": 1}, "second")
threading.Thread = real
large = worker.invoke({"print": "x", "answer": "y", "times": LARGE}, "third")
ended = worker.invoke({"end": True}, "fourth")
again = worker.invoke({}, "fifth")
config["Timeout"] = 1
late = worker.invoke({"wait": True}, "sixth")
worker.kill()
stage.report(
    threadsKept=kept,
    threadsOfCall=len(started),
    answers=[warm["result"], again["result"]],
    logged="line" in warm["log"],
    large=[len(large["result"]), large["log"].count("x") >= LARGE],
    errors=[ended["error"], late["error"]],
)
