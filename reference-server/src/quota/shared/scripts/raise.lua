-- Raises what an execution holds to these totals, so that asking twice raises once. Where counters were loaded anew, the totals may
-- stand there already, written to the database beforehand: then it still has to be seen whether they fit.
local execution, total_tokens, total_spend = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local max_tokens, max_spend = tonumber(ARGV[5]), tonumber(ARGV[6])

local entry = epoch() and redis.call('HGET', reservations, execution)
if not entry then
  return { 'unknown' }
end
local hour, month, tokens, spend, bytes = parsed(entry)
if has_lost_any(hour, month) then
  return { 'unknown' }
end
local more_tokens, more_spend = math.max(total_tokens - tokens, 0), math.max(total_spend - spend, 0)
local used_tokens, used_spend = used_in(month)
local held_tokens, held_spend = reserved_in(month)
if used_tokens + held_tokens + more_tokens > max_tokens or used_spend + held_spend + more_spend > max_spend then
  return { 'refused' }
end
redis.call('HSET', reservations, execution, entry_of(hour, month, tokens + more_tokens, spend + more_spend, bytes))
hold(month, more_tokens, more_spend, 0)
return { 'raised' }
