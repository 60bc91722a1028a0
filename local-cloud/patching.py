"""The one way a repair changes MiniStack: exact text of a function is replaced in memory, and a
text that is not found stops the launch, because a repair that silently misses is worse than none.
Nothing on disk is touched.
"""

import inspect
import linecache
import sys
import textwrap

# The text of each function that was rewritten, so that several repairs can change the same one.
_rewritten = {}


class RepairError(Exception):
    """MiniStack is not the text that the repairs were written for."""


def edit(text, place, *changes):
    """Replace each (old, new) of `changes` in `text`; every `old` must stand there exactly once.

    `place` names the text in the error, as `module.function`.
    """
    for old, new in changes:
        found = text.count(old)
        if found != 1:
            raise RepairError(f"{place}: expected this text once, found it {found} times: {old!r}")
        text = text.replace(old, new)
    return text


def rewrite(owner, name, *changes, uses=None):
    """Compile the function `owner.name` (owner is a module or a class) again with its text changed.

    `uses` are names that the new text needs; they are put beside it in its module. Only callers
    that look the function up through `owner` see the new one.
    """
    function = getattr(owner, name)
    module = sys.modules[function.__module__]
    place = f"{function.__module__}.{function.__qualname__}"
    source = _rewritten.get(place) or textwrap.dedent(inspect.getsource(function))
    source = edit(source, place, *changes)
    for used, value in (uses or {}).items():
        _add(module, used, value)
    filename = f"<{place}, repaired>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    scope = {}
    exec(compile(source, filename, "exec"), module.__dict__, scope)
    made = scope[name]
    made.__qualname__ = function.__qualname__
    setattr(owner, name, made)
    _rewritten[place] = source


def replace(owner, name, make):
    """Put `make(original)` in the place of `owner.name`; a missing name stops the launch."""
    original = getattr(owner, name, None)
    if original is None:
        raise RepairError(f"{owner.__name__}: expected a function named {name!r}, found none")
    setattr(owner, name, make(original))


def _add(module, name, value):
    present = module.__dict__.get(name, value)
    if present is not value:
        raise RepairError(f"{module.__name__}: the name {name!r} is already taken")
    module.__dict__[name] = value
