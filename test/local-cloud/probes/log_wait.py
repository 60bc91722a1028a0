"""How often reading the log of a function that printed nothing, and of one that printed, waits for
more of it.
"""

import io
import time
import zipfile

import stage

from ministack.core import lambda_runtime

stage.apply_chosen_repair()

CODE = """
exports.handler = async (event) => {
  if (event.print) process.stdout.write(event.print);
  return "done";
};
"""


def archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as writer:
        for name, text in files.items():
            writer.writestr(name, text)
    return packed.getvalue()


config = {
    "FunctionName": "probe",
    "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:probe",
    "Runtime": "nodejs24.x",
    "Handler": "index.handler",
    "Timeout": 30,
}
worker = lambda_runtime.Worker("probe", config, archive({"index.js": CODE}))
worker.invoke({}, "first")
slept = stage.counting_sleeps(lambda_runtime, sleep=time.sleep)
silent = worker.invoke({}, "second")
sleeps_when_silent = len(slept)
printed = worker.invoke({"print": "one\ntwo\nno line end"}, "third")
worker.kill()
stage.report(
    sleepsWhenSilent=sleeps_when_silent,
    result=silent["result"],
    logWhenSilent=silent["log"],
    logWhenPrinted=printed["log"],
)
