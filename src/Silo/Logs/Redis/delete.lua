-- Erases a stream if it ends where the caller says; remembers for a day which epochs are gone, so that nobody restores them.
-- KEYS: meta, entries, snapshots, gone. ARGV: 1 = only at this head; the head's epoch, offset, writer, number. Answers 1 unless the
-- head is another.
local tombstone_seconds, tombstone_bytes = 86400, 8192
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'past', 'writer', 'number')
local at_head = meta[1] == ARGV[2] and meta[2] == ARGV[3] and (meta[4] or '') == ARGV[4] and (meta[5] or '0') == ARGV[5]
if meta[1] and ARGV[1] == '1' and not at_head then return 0 end
local epochs = string.gsub(meta[3] or '', ':%d+ ', ' ')
if meta[1] then epochs = epochs .. meta[1] .. ' ' elseif ARGV[2] ~= '' then epochs = ARGV[2] .. ' ' end

-- First the deletion: a full server takes no other write before it.
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
if epochs ~= '' then
  local gone = (redis.call('GET', KEYS[4]) or '') .. epochs
  if #gone > tombstone_bytes then gone = string.match(string.sub(gone, -tombstone_bytes), '^%S* (.*)$') end
  redis.call('SET', KEYS[4], gone, 'EX', tombstone_seconds)
end
return 1
