-- Stores a snapshot if it is newer than the newest, keeps two, and trims what neither needs and retention allows.
-- KEYS: meta, entries, snapshots. ARGV: epoch, offset, its header, its value, entries older than this log time may go (0 = none).
-- The two snapshots are in the slots a and b; `newest` says which is the newer one. Answers 1 when taken.
local offset = tonumber(ARGV[2])
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'past')
if not meta[1] then return 0 end

-- The rule of LogEpochs.Has.
local first, has = 1, false
for epoch, stop in string.gmatch((meta[3] or '') .. meta[1] .. ':' .. meta[2] .. ' ', '(%w+):(%d+) ') do
  if epoch == ARGV[1] then has = offset >= first and offset <= tonumber(stop) end
  first = tonumber(stop) + 1
end
if not has then return 0 end

local newest, before = redis.call('HGET', KEYS[3], 'newest'), 0
if newest then before = tonumber(string.match(redis.call('HGET', KEYS[3], newest .. ':at'), '^%w+ (%d+)')) end
if offset <= before then return 0 end
local slot = newest == 'a' and 'b' or 'a'
redis.call('HSET', KEYS[3], 'newest', slot, slot .. ':at', ARGV[3], slot, ARGV[4])

local old = tonumber(ARGV[5])
if before == 0 or old == 0 then return 1 end

-- The first offset that has to stay: none beyond the second-newest snapshot, and none younger than the retention. What is not
-- looked at now is looked at with the next snapshot.
local keep, last, bytes, most_bytes = before + 1, 0, 0, 8388608
while last < keep and bytes < most_bytes do
  local page = redis.call('XRANGE', KEYS[2], string.format('%d-0', last + 1), '+', 'COUNT', 16)
  if #page == 0 then break end
  for _, entry in ipairs(page) do
    local at
    last, at = string.match(entry[2][2], '^%w+ (%d+) (%d+)')
    last = tonumber(last)
    bytes = bytes + #entry[2][2] + #entry[2][4]
    if last < keep and tonumber(at) >= old then keep = last end
    if last >= keep then break end
  end
end
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%d-0', math.min(keep, last + 1)))
return 1
