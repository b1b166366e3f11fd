-- All five quotas, or none. Answers `reserved`, `refused` with the quota and its figures, or `unknown` where the counters are not
-- loaded. Checked in the order in which the in-process counters check.
local execution, hour, month = ARGV[2], ARGV[3], ARGV[4]
local metered, output_is_fixed = ARGV[5] == '1', ARGV[6] == '1'
local input, output = tonumber(ARGV[7]), tonumber(ARGV[8])
local input_price, output_price = tonumber(ARGV[9]), tonumber(ARGV[10])
local message_bytes, bytes_per_token = tonumber(ARGV[11]), tonumber(ARGV[12])
local max_requests, max_running = tonumber(ARGV[13]), tonumber(ARGV[14])
local max_tokens, max_spend, max_bytes = tonumber(ARGV[15]), tonumber(ARGV[16]), tonumber(ARGV[17])
local lease_ms = tonumber(ARGV[18])

local current = epoch_for(hour)
if not current or has_lost_any(hour, month) then
  return { 'unknown' }
end
local entry = redis.call('HGET', reservations, execution)
if entry then
  -- Asked once more, because the first answer was lost.
  local _, _, tokens, spend, takes = parsed(entry)
  local requests = redis.call('GET', usage .. ':requests:' .. hour)
  return { 'reserved', current, whole(tokens), whole(spend), whole(takes),
    whole((takes - message_bytes) / bytes_per_token), whole(number(requests)) }
end
local requests_key = usage .. ':requests:' .. hour
local requests = number(redis.call('GET', requests_key))
if requests >= max_requests then
  return { 'refused', 'requests', whole(requests), '0' }
end
local all = redis.call('ZCARD', running)
local slots = redis.call('ZCOUNT', running, '(' .. whole(now_ms()), '+inf')
if slots < max_running and all >= max_running then
  -- It depends on leases that nobody renewed in time. While Redis was away nobody could: the database knows what runs.
  invalidate()
  return { 'unknown' }
end
if slots >= max_running then
  return { 'refused', 'running', whole(slots), '1' }
end

local used_tokens, used_spend = used_in(month)
local held_tokens, held_spend = reserved_in(month)
local bytes, held_bytes = stored_bytes()
local tokens_left = max_tokens - used_tokens - held_tokens
local spend_left = max_spend - used_spend - held_spend
local bytes_left = max_bytes - bytes - held_bytes
local input_cost = input_price * input
if not output_is_fixed then
  if metered then
    local affordable = output
    if output_price > 0 then
      affordable = math.floor(math.max(spend_left - input_cost, 0) / output_price)
    end
    output = math.min(output, tokens_left - input, affordable)
  end
  output = math.max(math.min(output, math.floor(math.max(bytes_left - message_bytes, 0) / bytes_per_token)), 1)
end
local tokens, spend = 0, 0
if metered then
  tokens, spend = input + output, input_cost + output_price * output
end
local takes = message_bytes + output * bytes_per_token
if tokens > tokens_left then
  return { 'refused', 'tokens', whole(used_tokens + held_tokens), whole(tokens) }
end
if spend > spend_left then
  return { 'refused', 'spend', whole(used_spend + held_spend), whole(spend) }
end
if takes > bytes_left then
  return { 'refused', 'bytes', whole(bytes + held_bytes), whole(takes) }
end

requests = redis.call('INCR', requests_key)
mark('requests:' .. hour)
redis.call('EXPIRE', requests_key, HOURS_FOR)
redis.call('HSET', reservations, execution, entry_of(hour, month, tokens, spend, takes))
hold(month, tokens, spend, takes)
lease(execution, lease_ms)
redis.call('EXPIRE', reservations, MONTHS_FOR)
redis.call('EXPIRE', storage, MONTHS_FOR)
return { 'reserved', current, whole(tokens), whole(spend), whole(takes), whole(output), whole(requests) }
