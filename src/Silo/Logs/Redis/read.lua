-- What stands after an offset. KEYS: meta, entries, gone. ARGV: offset, most entries, the epoch of the position.
-- Answers {epoch or '', head, first offset kept, lives, {header, batch, header, batch, …}, 1 if that epoch was deleted}.
local gone = 0
if ARGV[3] ~= '' and string.find(redis.call('GET', KEYS[3]) or '', ARGV[3] .. ' ', 1, true) then gone = 1 end
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'lives')
if not meta[1] then return {'', 0, 1, '', {}, gone} end
local head = tonumber(meta[2])
local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
local first = head + 1
if oldest[1] then first = tonumber(string.match(oldest[1][1], '^%d+')) end
local found, bytes = {}, 0
if tonumber(ARGV[2]) > 0 and tonumber(ARGV[1]) < head then
  -- In pages, so that one answer stays small enough for everyone else's.
  local from, left = tonumber(ARGV[1]) + 1, tonumber(ARGV[2])
  while left > 0 and bytes < 1048576 do
    local page = redis.call('XRANGE', KEYS[2], string.format('%d-0', from), '+', 'COUNT', math.min(left, 16))
    if #page == 0 then break end
    for _, entry in ipairs(page) do
      found[#found + 1] = entry[2][2]
      found[#found + 1] = entry[2][4]
      bytes = bytes + #entry[2][4]
    end
    left = left - #page
    from = tonumber(string.match(page[#page][1], '^%d+')) + 1
  end
end
return {meta[1], head, first, meta[3] or '', found, gone}
