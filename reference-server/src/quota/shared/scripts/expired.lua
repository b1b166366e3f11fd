-- Tenants to count anew, each once: those with leases that nobody has renewed, and those whose storage may be counted wrongly.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local tenants = {}
for _, lease in ipairs(redis.call('ZRANGEBYSCORE', 'usage:leases', '-inf', now, 'LIMIT', 0, 500)) do
  tenants[string.match(lease, '^%S+')] = true
end
for _, tenant in ipairs(redis.call('SPOP', 'usage:stale', 100)) do
  tenants[tenant] = true
end
local names = {}
for tenant in pairs(tenants) do
  names[#names + 1] = tenant
end
return names
