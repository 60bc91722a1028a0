"""Starts MiniStack 1.5.33 with the repairs of this folder, in memory.

It lives as long as its standard input: when the process that started it is gone, however it
ended, the server, its functions' processes and its temporary files go too. INORDER_REPAIRS_OFF
names repairs to leave out (comma-separated, or `all`), which is how the tests show what each one
is for.
"""

import importlib
import importlib.metadata
import os
import pathlib
import shutil
import signal
import sys
import threading
import time

# The checkout stays as it is.
sys.dont_write_bytecode = True

MINISTACK_VERSION = "1.5.33"
STOP_LIMIT_SECONDS = 3


def main():
    try:
        version = importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        stop("MiniStack is not installed: run `npm run cloud`, which sets it up")
    if version != MINISTACK_VERSION:
        stop(f"the repairs are written for MiniStack {MINISTACK_VERSION}, found {version}")
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    apply_repairs(chosen_repairs())

    from ministack import app

    # MiniStack reads its own options from the command line; it gets none.
    sys.argv = sys.argv[:1]
    try:
        app.main()
    finally:
        end_process_group()


def chosen_repairs():
    folder = pathlib.Path(__file__).resolve().parent / "repairs"
    names = sorted(path.stem for path in folder.glob("*.py"))
    off = {name.strip() for name in os.environ.get("INORDER_REPAIRS_OFF", "").split(",")} - {""}
    unknown = sorted(off - {"all", *names})
    if unknown:
        there_are = ", ".join(names)
        stop(f"INORDER_REPAIRS_OFF names no repair: {', '.join(unknown)}; there are: {there_are}")
    return [] if "all" in off else [name for name in names if name not in off]


def apply_repairs(names):
    from patching import RepairError

    for name in names:
        try:
            importlib.import_module(f"repairs.{name}").apply()
        except RepairError as error:
            stop(f"the repair {name} does not fit this MiniStack: {error}")


def end_with_standard_input():
    """End the whole process group when standard input is closed, first politely, then surely."""
    while os.read(0, 4096):
        pass
    if leads_process_group():
        os.killpg(0, signal.SIGTERM)
        time.sleep(STOP_LIMIT_SECONDS)
    end_process_group()
    os._exit(1)


def end_process_group():
    """The functions' processes belong to the server's group: none of them outlives it."""
    sys.stdout.flush()
    sys.stderr.flush()
    remove_temporary_files()
    if leads_process_group():
        os.killpg(0, signal.SIGKILL)


def leads_process_group():
    return os.name == "posix" and os.getpgid(0) == os.getpid()


def remove_temporary_files():
    # Only a folder that was made for this server alone.
    folder = os.environ.get("INORDER_TEMPORARY_FOLDER")
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def stop(message):
    sys.exit(f"local cloud: {message}")


if __name__ == "__main__":
    try:
        main()
    finally:
        remove_temporary_files()
