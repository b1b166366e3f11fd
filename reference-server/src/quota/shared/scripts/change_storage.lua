-- Counts a change of what is stored, that was made to the database while these counters stood; later counters may hold it or not.
local seen, bytes = ARGV[2], ARGV[3]
if epoch() == seen then
  redis.call('HINCRBY', storage, 'bytes', bytes)
else
  invalidate()
end
return 1
