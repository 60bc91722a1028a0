"""What the launcher does with a MiniStack whose text is not the one that a repair was written for.
"""

import stage

from ministack.services import lambda_svc


def _sqs_esm_concurrency(esm, func_rec, config, queue=None):
    return 1


lambda_svc._sqs_esm_concurrency = _sqs_esm_concurrency
stage.apply_chosen_repair()
stage.report(applied=True)
