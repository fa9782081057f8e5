-- Erases a stream; remembers for an hour which epochs are gone, so that nobody puts their entries back.
-- KEYS: meta, entries, producers, snapshots, gone. ARGV: channel.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'lives')
if not meta[1] then return 0 end
local gone = (redis.call('GET', KEYS[5]) or '') .. string.gsub(meta[2] or '', ':%d+ ', ' ') .. meta[1] .. ' '
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
redis.call('SET', KEYS[5], gone, 'EX', 3600)
redis.call('PUBLISH', ARGV[1], 'gone ' .. meta[1])
return 1
