-- Takes bytes for a document, if they fit.
local hour, wanted, max_bytes = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local current = epoch_for(hour)
if not current or is_lost(storage, 'storage') then
  return { 'unknown' }
end
local bytes, held_bytes = stored_bytes()
if bytes + held_bytes + wanted > max_bytes then
  return { 'refused', whole(bytes + held_bytes) }
end
redis.call('HINCRBY', storage, 'bytes', whole(wanted))
redis.call('EXPIRE', storage, MONTHS_FOR)
return { 'taken', current }
