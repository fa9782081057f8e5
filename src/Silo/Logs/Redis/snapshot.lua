-- Stores a snapshot if its last entry stands in the log and it is newer than the newest; keeps two, and trims what neither needs and
-- retention allows.
-- KEYS: entries, snapshots. ARGV: the last entry's epoch, offset, writer and number; the snapshot's header and value; entries older than
-- this log time may go (0 = none).
-- The two snapshots are in the slots a and b; `newest` says which is the newer one. Answers 1 when taken.
local newest, before = redis.call('HGET', KEYS[2], 'newest'), 0
if newest then before = tonumber(string.match(redis.call('HGET', KEYS[2], newest .. ':at'), '^%w+ (%d+)')) end
if tonumber(ARGV[2]) <= before then return 0 end

-- What is newer than the newest snapshot was not trimmed.
local stored = redis.call('XRANGE', KEYS[1], ARGV[2] .. '-0', ARGV[2] .. '-0')[1]
if not stored then return 0 end
local epoch, writer, number = string.match(stored[2][2], '^(%w+) %d+ %d+ (%w+) (%d+)$')
if epoch ~= ARGV[1] or writer ~= ARGV[3] or number ~= ARGV[4] then return 0 end

local slot = newest == 'a' and 'b' or 'a'
redis.call('HSET', KEYS[2], 'newest', slot, slot .. ':at', ARGV[5], slot, ARGV[6])

local old = tonumber(ARGV[7])
if before == 0 or old == 0 then return 1 end

-- The first offset that has to stay: none beyond the second-newest snapshot, and none younger than the retention. What is not
-- looked at now is looked at with the next snapshot.
local keep, last, bytes, most_bytes = before + 1, 0, 0, 8388608
while last < keep and bytes < most_bytes do
  local page = redis.call('XRANGE', KEYS[1], string.format('%d-0', last + 1), '+', 'COUNT', 16)
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
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%d-0', math.min(keep, last + 1)))
return 1
