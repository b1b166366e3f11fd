-- Ends a reservation, once: what was used takes the place of what was held. `is_given_back`: the execution never began, so that its
-- request does not count either.
local execution, tokens, spend, bytes = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local is_given_back = ARGV[6] == '1'

redis.call('ZREM', running, execution)
redis.call('ZREM', 'usage:leases', ARGV[1] .. ' ' .. execution)
if not epoch() then
  redis.call('DEL', usage .. ':loading')
  return 0
end
local entry = redis.call('HGET', reservations, execution)
if not entry then
  return 0
end
redis.call('HDEL', reservations, execution)
local hour, month, held_tokens, held_spend, held_bytes = parsed(entry)
if has_lost_any(hour, month) then
  return 0
end
hold(month, -held_tokens, -held_spend, -held_bytes)
if is_given_back then
  redis.call('DECR', usage .. ':requests:' .. hour)
  return 1
end
-- A test key's executions hold no tokens, and what they use is not counted.
if held_tokens > 0 then
  for name, amount in pairs({ tokens = tokens, spend = spend }) do
    redis.call('INCRBY', usage .. ':' .. name .. ':' .. month, amount)
    redis.call('EXPIRE', usage .. ':' .. name .. ':' .. month, MONTHS_FOR)
  end
  mark('used:' .. month)
end
redis.call('HINCRBY', storage, 'bytes', bytes)
return 1
