-- Puts counters in place that were read from the database, unless something was changed since whoever read them began.
local token, new_epoch, hour, lease_ms = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local at = 6
local function next_argument()
  at = at + 1
  return ARGV[at - 1]
end

if redis.call('GET', usage .. ':loading') ~= token then
  return 0
end
for _, execution in ipairs(redis.call('HKEYS', reservations)) do
  redis.call('ZREM', 'usage:leases', ARGV[1] .. ' ' .. execution)
end
redis.call('DEL', usage .. ':loading', usage .. ':loaded', running, reservations, storage)
mark('storage')
redis.call('HSET', storage, 'bytes', next_argument(), 'reserved', '0')
redis.call('EXPIRE', storage, MONTHS_FOR)
for _ = 1, tonumber(next_argument()) do
  local name = 'requests:' .. next_argument()
  redis.call('SET', usage .. ':' .. name, next_argument(), 'EX', HOURS_FOR)
  mark(name)
end
for _ = 1, tonumber(next_argument()) do
  local month = next_argument()
  redis.call('SET', usage .. ':tokens:' .. month, next_argument(), 'EX', MONTHS_FOR)
  redis.call('SET', usage .. ':spend:' .. month, next_argument(), 'EX', MONTHS_FOR)
  redis.call('DEL', usage .. ':reserved:' .. month)
  mark('used:' .. month)
end
for _ = 1, tonumber(next_argument()) do
  local execution, its_hour, month = next_argument(), next_argument(), next_argument()
  local tokens, spend, bytes = tonumber(next_argument()), tonumber(next_argument()), tonumber(next_argument())
  redis.call('HSET', reservations, execution, entry_of(its_hour, month, tokens, spend, bytes))
  hold(month, tokens, spend, bytes)
  lease(execution, lease_ms)
end
redis.call('EXPIRE', reservations, MONTHS_FOR)
local generation = redis.call('GET', 'usage:generation') or ''
redis.call('HSET', usage .. ':loaded', 'generation', generation, 'epoch', new_epoch, 'hour', hour)
redis.call('EXPIRE', usage .. ':loaded', LOADED_FOR)
return 1
