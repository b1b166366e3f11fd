-- The counters as they are, for whoever asks.
local hour, month = ARGV[2], ARGV[3]
if not epoch_for(hour) or has_lost_any(hour, month) then
  return {}
end
local tokens, spend = used_in(month)
local held_tokens = reserved_in(month)
local bytes = stored_bytes()
local requests = number(redis.call('GET', usage .. ':requests:' .. hour))
local slots = redis.call('ZCOUNT', running, '(' .. whole(now_ms()), '+inf')
return { whole(requests), whole(tokens), whole(spend), whole(held_tokens), whole(slots), whole(bytes) }
