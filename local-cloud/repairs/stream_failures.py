"""A mapping from a table's stream gives up as it is told to: MaximumRetryAttempts,
BisectBatchOnFunctionError, OnFailure and ReportBatchItemFailures count.

Without it a poison batch is retried every second for ever and blocks its stream, and failures
that the function reports are taken for success: those records are lost.
Upstream: ministack.services.lambda_svc._poll_dynamodb_streams.
Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from ministack.services import lambda_svc

from patching import rewrite

# Per mapping, the batch that fails now: where it starts, its size, the tries it had, the size
# after splitting.
_failing = {}


def apply():
    rewrite(
        lambda_svc,
        "_poll_dynamodb_streams",
        (
            'batch_size = esm.get("BatchSize", 100)',
            'batch_size = stream_batch_size(esm_id) or esm.get("BatchSize", 100)',
        ),
        (
            "            raw_len = len(batch)\n",
            "            raw_len, unfiltered = len(batch), batch\n",
        ),
        (
            "            result = _execute_function(func_rec, event)\n",
            "            result = _execute_function(func_rec, event)\n"
            "            done = stream_records_done(esm, unfiltered, result)\n"
            "            if done is not None:\n"
            "                with _dynamodb_stream_positions_lock:\n"
            "                    _dynamodb_stream_positions[esm_id] = pos = pos + done\n"
            "                raw_len, batch = raw_len - done, unfiltered[done:]\n"
            "                result = reported_failure()\n",
        ),
        (
            "                # Position doesn't advance on failure, so the next pass\n",
            "                with _dynamodb_stream_positions_lock:\n"
            "                    given_up = stream_records_given_up(\n"
            "                        esm, func_rec, batch, pos, raw_len, source_arn, result)\n"
            "                    _dynamodb_stream_positions[esm_id] = pos + given_up\n"
            "                # Position doesn't advance on failure, so the next pass\n",
        ),
        (
            "                _esm_backoff_until.pop(esm_id, None)\n",
            "                _esm_backoff_until.pop(esm_id, None)\n"
            "                stream_batch_went_well(esm_id)\n",
        ),
        uses={
            "stream_batch_size": lambda mapping: _failing.get(mapping, {}).get("split_to"),
            "reported_failure": reported_failure,
            "stream_records_done": records_done,
            "stream_records_given_up": records_given_up,
            "stream_batch_went_well": lambda mapping: _failing.pop(mapping, None),
        },
    )


def records_done(esm, records, result):
    """How many records stand before the first one reported as failed; None when none is reported.

    An identifier that is empty or not of this batch fails the whole batch.
    """
    answer = result.get("body")
    if result.get("error") or not isinstance(answer, dict):
        return None
    if "ReportBatchItemFailures" not in (esm.get("FunctionResponseTypes") or []):
        return None
    reported = {item.get("itemIdentifier") for item in answer.get("batchItemFailures") or []}
    if not reported:
        return None
    places = {record["dynamodb"]["SequenceNumber"]: at for at, record in enumerate(records)}
    if not reported <= places.keys():
        return 0
    return min(places[identifier] for identifier in reported)


def reported_failure():
    """What an invocation that reported failed records counts as from here on."""
    message = "the function reported failed records"
    return {
        "error": True,
        "body": {"errorType": "ReportBatchItemFailures", "errorMessage": message},
    }


def records_given_up(esm, function, batch, position, size, stream_arn, result):
    """How many records to pass over after a failure: none while the batch may still be split or
    tried again.
    """
    failing = _failing.setdefault(esm["UUID"], {})
    if failing.get("batch") != (position, size):
        failing.update(batch=(position, size), tries=0)
    failing["tries"] += 1
    if esm.get("BisectBatchOnFunctionError") and size > 1:
        # Splitting does not count as a retry.
        failing["split_to"] = size // 2
        return 0
    limit = esm.get("MaximumRetryAttempts")
    if limit is None or int(limit) < 0 or failing["tries"] <= int(limit):
        return 0
    del _failing[esm["UUID"]]
    lambda_svc._send_ddb_stream_failure_record(
        esm, function, batch, stream_arn, result, "RetryAttemptsExhausted"
    )
    return size
