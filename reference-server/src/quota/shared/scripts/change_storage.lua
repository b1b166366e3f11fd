-- Counts a change of what is stored, that was made to the database while these counters stood. Later counters may hold it or not:
-- then the tenant is counted anew, though not at once, so that changes that overlap with that don't ask for it each time.
local seen, bytes = ARGV[2], ARGV[3]
if epoch() == seen then
  redis.call('HINCRBY', storage, 'bytes', bytes)
else
  redis.call('SADD', 'usage:stale', ARGV[1])
end
return 1
