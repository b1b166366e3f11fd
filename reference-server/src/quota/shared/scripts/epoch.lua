-- Which loading of the counters stands for whoever counts in this hour.
return epoch_for(ARGV[2]) or false
