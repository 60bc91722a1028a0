"""The grammar of a condition is checked once for each text, not at every request.

Without it a tenth of the server's processor time goes into finding out again that the same few
conditions are well formed.
Upstream: ministack.services.dynamodb._condition_syntax_error.
"""

import functools

from ministack.services import dynamodb

from patching import replace

# Texts are written in code; what differs between requests stands in their values.
TEXTS_MAX = 1024


def apply():
    # It depends on nothing but the text and the name of the parameter.
    replace(dynamodb, "_condition_syntax_error", functools.lru_cache(TEXTS_MAX))
