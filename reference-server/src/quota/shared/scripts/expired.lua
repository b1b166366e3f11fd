-- Leases that nobody has renewed, as `tenant execution`; at most 500.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZRANGEBYSCORE', 'usage:leases', '-inf', now, 'LIMIT', 0, 500)
