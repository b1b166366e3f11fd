-- Run on each new connection: a Redis process that was not seen before may have come back with the counters of some time ago, so
-- none of them is trusted.
if redis.call('GET', 'usage:server') ~= ARGV[1] then
  redis.call('SET', 'usage:server', ARGV[1])
  redis.call('SET', 'usage:generation', ARGV[2])
end
return 1
