-- The counters can't be trusted any more.
invalidate()
return 1
