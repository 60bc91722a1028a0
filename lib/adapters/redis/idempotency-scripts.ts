/**
 * What Redis does in one step. Each script reads what stands there, compares the fence, and writes;
 * nothing runs in between. All that is decided here is whether the fence holds: what a record means
 * is judged outside.
 * Source: "Scripting with Lua", Redis documentation (atomicity of script execution).
 */

/**
 * Puts a claim in place of the record with this attempt, owner and status (empty: of none); answers
 * nothing, or the record that stands against it.
 *
 * ARGV: attempt, owner, status, milliseconds until Redis deletes it, then fields and values.
 */
export const CLAIM = `
local seen = redis.call('HMGET', KEYS[1], 'attempt', 'owner', 'status')
local isExpected
if ARGV[1] == '' then
  isExpected = not seen[1]
else
  isExpected = seen[1] == ARGV[1] and seen[2] == ARGV[2] and seen[3] == ARGV[3]
end
if not isExpected then return redis.call('HGETALL', KEYS[1]) end
redis.call('HDEL', KEYS[1], 'rank')
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {}`;

/** ARGV: owner, attempt, now, kind of the result, result. Answers 1: completed; 0: lost. */
export const COMPLETE = `
local seen = redis.call('HMGET', KEYS[1], 'owner', 'attempt', 'status', 'keepUntil',
  'payloadHash', 'rank', 'doneOwner', 'doneAttempt', 'doneUntil')
local now = tonumber(ARGV[3])
if not seen[1] then return 0 end
local isRunning = seen[1] == ARGV[1] and seen[2] == ARGV[2] and seen[3] == 'in-progress'
if isRunning and tonumber(seen[4]) > now then
  redis.call('HDEL', KEYS[1], 'doneRank')
  if seen[6] then redis.call('HSET', KEYS[1], 'doneRank', seen[6]) end
  local isKeptLonger = seen[9] and tonumber(seen[9]) > tonumber(seen[4])
  redis.call('HSET', KEYS[1], 'status', 'completed', 'doneOwner', seen[1], 'doneAttempt', seen[2],
    'doneHash', seen[5], 'doneUntil', isKeptLonger and seen[9] or seen[4], 'doneKind', ARGV[4],
    'doneResult', ARGV[5])
  return 1
end
local isOwn = seen[7] == ARGV[1] and seen[8] == ARGV[2] and tonumber(seen[9]) > now
return isOwn and 1 or 0`;

/** ARGV: owner, attempt. Answers 1: released; 0: lost. */
export const RELEASE = `
local seen = redis.call('HMGET', KEYS[1], 'owner', 'attempt', 'status')
if seen[1] ~= ARGV[1] or seen[2] ~= ARGV[2] or seen[3] == 'completed' then return 0 end
redis.call('HSET', KEYS[1], 'status', 'released')
return 1`;

/** In a script as well, so that every request goes the same way: to the primary of its key. */
export const READ = `return redis.call('HGETALL', KEYS[1])`;
