-- Before each script. ARGV[1] is the tenant; its counters are the keys `usage:<tenant>:…`. Amounts of money are micro-dollars.
-- Times are the caller's hour and month, so that a count never depends on Redis' clock; leases run by Redis' own.
local usage = 'usage:' .. ARGV[1]
local running, reservations, storage = usage .. ':running', usage .. ':reservations', usage .. ':storage'
-- A counter must never expire while it is trusted: `loaded` goes first. It is never prolonged, so that everything is counted anew once
-- a day, also what a server that was killed had taken and not stored.
local LOADED_FOR, HOURS_FOR, MONTHS_FOR = 86400, 172800, 3456000

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function number(text)
  return tonumber(text or '0')
end

-- As an integer's text. Adding 0 makes 0 of -0, which Redis takes for no number.
local function whole(value)
  return string.format('%.0f', value + 0)
end

-- Which loading of the tenant's counters stands; nil where none does. A Redis that was started anew has another generation, and
-- one that came back with old counters or none is trusted in nothing that it says.
local function epoch()
  local loaded = redis.call('HMGET', usage .. ':loaded', 'generation', 'epoch', 'hour')
  if not loaded[2] or loaded[1] ~= (redis.call('GET', 'usage:generation') or '') then
    return nil
  end
  return loaded[2], loaded[3]
end

-- The same for whoever counts in `hour`: counters that were loaded later say nothing of it. That is a clock gone backwards.
local function epoch_for(hour)
  local current, since = epoch()
  return current and hour >= since and current or nil
end

-- Counters that miss a change are loaded anew; who loads them at this moment may have read before the change, and begins again.
local function invalidate()
  redis.call('DEL', usage .. ':loaded', usage .. ':loading')
end

-- A counter that was there and is gone, evicted or deleted by hand, is not zero: then all of the tenant's are loaded anew. `loaded` has
-- a mark for each counter that was ever written since they were.
local function mark(name)
  redis.call('HSET', usage .. ':loaded', name, '1')
end

local function is_lost(key, name)
  if redis.call('EXISTS', key) == 1 or redis.call('HEXISTS', usage .. ':loaded', name) == 0 then
    return false
  end
  invalidate()
  return true
end

local function has_lost_any(hour, month)
  return is_lost(usage .. ':requests:' .. hour, 'requests:' .. hour) or is_lost(usage .. ':tokens:' .. month, 'used:' .. month)
    or is_lost(usage .. ':spend:' .. month, 'used:' .. month) or is_lost(storage, 'storage')
end

-- A reservation is kept as `hour month tokens spend bytes`.
local function parsed(entry)
  local hour, month, tokens, spend, bytes = string.match(entry, '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
  return hour, month, tonumber(tokens), tonumber(spend), tonumber(bytes)
end

local function entry_of(hour, month, tokens, spend, bytes)
  return table.concat({ hour, month, whole(tokens), whole(spend), whole(bytes) }, ' ')
end

local function used_in(month)
  return number(redis.call('GET', usage .. ':tokens:' .. month)), number(redis.call('GET', usage .. ':spend:' .. month))
end

local function reserved_in(month)
  local reserved = redis.call('HMGET', usage .. ':reserved:' .. month, 'tokens', 'spend')
  return number(reserved[1]), number(reserved[2])
end

local function stored_bytes()
  local bytes = redis.call('HMGET', storage, 'bytes', 'reserved')
  return number(bytes[1]), number(bytes[2])
end

local function hold(month, tokens, spend, bytes)
  redis.call('HINCRBY', usage .. ':reserved:' .. month, 'tokens', whole(tokens))
  redis.call('HINCRBY', usage .. ':reserved:' .. month, 'spend', whole(spend))
  redis.call('EXPIRE', usage .. ':reserved:' .. month, MONTHS_FOR)
  redis.call('HINCRBY', storage, 'reserved', whole(bytes))
end

local function lease(execution, milliseconds)
  local ends = whole(now_ms() + milliseconds)
  redis.call('ZADD', running, ends, execution)
  redis.call('ZADD', 'usage:leases', ends, ARGV[1] .. ' ' .. execution)
end
