-- Stores a snapshot if it is newer than the newest, keeps two, and trims what neither needs and retention allows.
-- KEYS: meta, entries, snapshots. ARGV: epoch, offset, log time, state, entries older than this log time may go (0 = none).
-- Answers 1 when taken.
local offset = tonumber(ARGV[2])
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'lives')
if not meta[1] or offset < 1 then return 0 end
if meta[1] == ARGV[1] then
  if offset > tonumber(meta[2]) then return 0 end
else
  local stop = string.match(' ' .. (meta[3] or ''), ' ' .. ARGV[1] .. ':(%d+) ')
  if not stop or offset > tonumber(stop) then return 0 end
end

local header = string.match(redis.call('HGET', KEYS[3], 'newest') or '', '^[^\n]*')
local newest = tonumber(string.match(header or '', '^%w+ (%d+)') or 0)
if offset <= newest then return 0 end
local before = redis.call('HGET', KEYS[3], 'newest')
if before then redis.call('HSET', KEYS[3], 'second', before) end
redis.call('HSET', KEYS[3], 'newest', ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3] .. '\n' .. ARGV[4])

local old = tonumber(ARGV[5])
if newest == 0 or old == 0 then return 1 end

-- The first offset that has to stay: none beyond the second-newest snapshot, and none younger than the retention.
local keep, last = newest + 1, 0
for _ = 1, 100 do
  local page = redis.call('XRANGE', KEYS[2], string.format('%d-0', last + 1), '+', 'COUNT', 50)
  for _, entry in ipairs(page) do
    local at
    last, at = string.match(entry[2][2], '^%w+ (%d+) (%d+)')
    last = tonumber(last)
    if last < keep and tonumber(at) >= old then keep = last end
    if last >= keep then break end
  end
  if #page == 0 or last >= keep then break end
end
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%d-0', math.min(keep, last + 1)))
return 1
