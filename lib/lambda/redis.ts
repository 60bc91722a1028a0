/**
 * What is published as `inorder/redis`: idempotency records in Redis or Valkey. An entry of its
 * own, so that only its users need the client.
 */
export {
  redisIdempotencyStore,
  type RedisIdempotencyStoreProps,
} from "#adapters/redis/idempotency-store";
