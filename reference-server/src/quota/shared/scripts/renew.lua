-- Renews the leases of executions that still run: pairs of tenant and execution. What holds no reservation has no lease.
local lease_ms = tonumber(ARGV[1])
local time = redis.call('TIME')
local ends = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + lease_ms)
for at = 2, #ARGV, 2 do
  local usage, execution = 'usage:' .. ARGV[at], ARGV[at + 1]
  if redis.call('HEXISTS', usage .. ':reservations', execution) == 1 then
    redis.call('ZADD', usage .. ':running', ends, execution)
    redis.call('ZADD', 'usage:leases', ends, ARGV[at] .. ' ' .. execution)
  end
end
return 1
