/**
 * A persistence layer for `@aws-lambda-powertools/idempotency` in place of its
 * `DynamoDBPersistenceLayer`: same options, same records, but a run can only complete or delete the
 * record that it acquired and still holds.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  IdempotencyInconsistentStateError,
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  IdempotencyRecordStatus,
} from "@aws-lambda-powertools/idempotency";
import type { DynamoDBPersistenceOptions } from "@aws-lambda-powertools/idempotency/dynamodb/types";
import {
  BasePersistenceLayer,
  IdempotencyRecord,
} from "@aws-lambda-powertools/idempotency/persistence";
import { Failure } from "#kernel/failure";
import { randomIds } from "#kernel/ids";
import { openings } from "./openings.ts";
import { type JsonOfPowertools, recordAttributes } from "./record-attributes.ts";
import { type Claim, type RecordTable, recordTable } from "./record-table.ts";

/**
 * Each claim writes an owner token and counts the attempt in the record; completing and deleting
 * are conditional on both.
 *
 * Closed against Powertools 2.35.0:
 * - a late run (its lease has ended, another has taken over) neither overwrites the newer result
 *   nor deletes the newer run's record;
 * - a run that was refused, or whose payload did not match, deletes nothing, also behind Middy;
 * - a run that has worked is never unlocked again by what fails after it;
 * - a handler that changes its input, or a nested call with another `keyPrefix`, completes the
 *   record it acquired and no other, with the payload hash of then;
 * - a lease is compared in milliseconds: one that ends between refusal and look is taken over at
 *   once;
 * - a claim that the SDK repeated after a lost answer is recognised as this run's own.
 *
 * Not closed, because the record and the business write are two writes: a run that dies, or loses
 * its lease, after its effect and before its result is stored is run again. Where that must not be,
 * write the mark with the effect: `orderedConsumer` of `inorder/messaging`, or an id of what is
 * written that follows from the key (event-sourced idempotency). Nor can it fence those who write
 * to the table through Powertools' own layer. A replayed durable execution starts in another
 * process and holds nothing here: its completion is refused.
 *
 * Errors, as the cause of Powertools' `IdempotencyPersistenceLayerError`: `Failure` `conflict`
 * (retry) for a result that came too late; the SDK's own for everything else.
 */
export class FencedPersistenceLayer extends BasePersistenceLayer {
  readonly #records: RecordTable;
  readonly #openings = openings<Claim>();

  /**
   * Takes what `DynamoDBPersistenceLayer` takes. The function needs `dynamodb:GetItem`,
   * `UpdateItem` and `DeleteItem` on the table; `PutItem` is no longer used.
   * Errors: `misconfigured` (reject) for two parts of a record under one name, or a client that
   * is none.
   */
  constructor(options: DynamoDBPersistenceOptions) {
    super();
    this.#records = recordTable({
      client: clientOf(options),
      table: options.tableName,
      attributes: recordAttributes(options, this.idempotencyKeyPrefix),
    });
  }

  override async saveInProgress(
    data: JsonOfPowertools,
    remainingTimeInMillis?: number,
  ): Promise<void> {
    const opening = this.#openings.open(data);
    try {
      await super.saveInProgress(data, remainingTimeInMillis);
    } catch (error) {
      this.#openings.refuse(opening);
      throw error;
    }
  }

  override async saveSuccess(data: JsonOfPowertools, result: JsonOfPowertools): Promise<void> {
    const claim = this.#openings.close(data, "complete");
    if (claim === undefined) throw neverAcquired();
    const record = new ClaimedRecord(claim, {
      status: IdempotencyRecordStatus.COMPLETED,
      expiryTimestamp: Math.round(Date.now() / 1000 + this.expiresAfterSeconds),
      responseData: result,
    });
    await this._updateRecord(record);
    super.processExistingRecord(record, record);
  }

  override async deleteRecord(data: JsonOfPowertools): Promise<void> {
    const claim = this.#openings.close(data, "release");
    if (claim === undefined) return;
    await this._deleteRecord(new ClaimedRecord(claim, { status: IdempotencyRecordStatus.EXPIRED }));
  }

  /** Powertools takes this error for a reason to try again, up to twice. */
  override processExistingRecord(
    stored: IdempotencyRecord,
    processed: JsonOfPowertools | IdempotencyRecord,
  ): IdempotencyRecord {
    const record = super.processExistingRecord(stored, processed);
    if (isLeaseOver(record)) {
      throw new IdempotencyInconsistentStateError(
        `The lease of the run in progress has ended: ${record.idempotencyKey}`,
      );
    }
    return record;
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const opening = this.#openings.current();
    if (opening === undefined) throw neverAcquired();
    opening.key = record.idempotencyKey;
    const withHash = this.isPayloadValidationEnabled();
    const answer = await this.#records.claim(record, randomIds(), withHash);
    if (answer.kind === "held") return this.#openings.hold(opening, answer.claim);
    throw new IdempotencyItemAlreadyExistsError(
      `A record exists already for the idempotency key ${record.idempotencyKey}`,
      answer.by,
    );
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    await this.#records.complete(claimOf(record), record);
  }

  protected override async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    await this.#records.release(claimOf(record));
  }

  protected override async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const record = await this.#records.find(idempotencyKey);
    if (record === undefined) throw new IdempotencyItemNotFoundError();
    return record;
  }
}

/** A record that names its claim: its key and hash are those that were acquired. */
class ClaimedRecord extends IdempotencyRecord {
  readonly claim: Claim;

  constructor(
    claim: Claim,
    rest: Omit<
      ConstructorParameters<typeof IdempotencyRecord>[0],
      "idempotencyKey" | "payloadHash"
    >,
  ) {
    const { key: idempotencyKey, payloadHash } = claim;
    super({ ...rest, idempotencyKey, ...(payloadHash !== undefined && { payloadHash }) });
    this.claim = claim;
  }
}

function claimOf(record: IdempotencyRecord): Claim {
  if (record instanceof ClaimedRecord) return record.claim;
  throw neverAcquired();
}

const isLeaseOver = (record: IdempotencyRecord): boolean =>
  record.getStatus() === IdempotencyRecordStatus.INPROGRESS &&
  record.inProgressExpiryTimestamp !== undefined &&
  record.inProgressExpiryTimestamp < Date.now();

/** Powertools falls back to a client of its own making, in another region or account at worst. */
function clientOf({ awsSdkV3Client, clientConfig }: DynamoDBPersistenceOptions): DynamoDBClient {
  if (awsSdkV3Client === undefined) return new DynamoDBClient(clientConfig ?? {});
  if (typeof awsSdkV3Client.send === "function") return awsSdkV3Client;
  throw new Failure(
    "misconfigured",
    "reject",
    "awsSdkV3Client has no `send`; pass a DynamoDBClient of @aws-sdk/client-dynamodb.",
  );
}

const neverAcquired = (): Failure =>
  new Failure(
    "conflict",
    "retry",
    "This run holds no idempotency record, so it has none to complete.",
  );
