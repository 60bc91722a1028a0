"""How often three requests have one condition's grammar checked, and what a wrong one gets."""

import sys

import stage

from ministack.services import dynamodb

stage.apply_chosen_repair()

checked = 0
code = dynamodb._condition_syntax_error
code = getattr(code, "__wrapped__", code).__code__


def count(frame, event, _argument):
    global checked
    if event == "call" and frame.f_code is code:
        checked += 1


def holds(condition, version):
    item = {"pk": {"S": "a"}, "version": {"N": version}}
    return dynamodb._evaluate_condition(condition, item, {":v": {"N": "2"}}, {"#v": "version"})


def refusal(condition):
    try:
        holds(condition, "1")
    except ValueError as error:
        return str(error)
    return None


sys.setprofile(count)
answers = [holds("#v = :v", version) for version in ("1", "2", "3")]
sys.setprofile(None)
wrong = [refusal("#v = = :v") for _ in range(2)]
stage.report(checked=checked, answers=answers, refused=[text is not None for text in wrong])
