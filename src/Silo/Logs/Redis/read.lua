-- What stands after an offset. KEYS: meta, entries. ARGV: offset, most entries.
-- Answers {epoch or '', head, writer, number, first offset kept, past, 1 if the server was started again since the last append,
-- {header, body, header, body, …}}.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'writer', 'number', 'past', 'run')
if not meta[1] then return {'', 0, '', 0, 1, '', 0, {}} end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local head, from, left = tonumber(meta[2]), tonumber(ARGV[1]) + 1, tonumber(ARGV[2])
local first, found, bytes = from, {}, 0
local function answer() return {meta[1], head, meta[3] or '', meta[4] or '0', first, meta[5] or '', meta[6] == run and 0 or 1, found} end
if from > head then return answer() end

first = head + 1
local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
if oldest[1] then first = tonumber(string.match(oldest[1][1], '^%d+')) end

-- In pages, so that one answer stays small enough for everyone else's.
local page_entries, page_bytes = 16, 1048576
while from >= first and left > 0 and bytes < page_bytes do
  local page = redis.call('XRANGE', KEYS[2], string.format('%d-0', from), '+', 'COUNT', math.min(left, page_entries))
  if #page == 0 then break end
  for _, entry in ipairs(page) do
    found[#found + 1] = entry[2][2]
    found[#found + 1] = entry[2][4]
    bytes = bytes + #entry[2][4]
  end
  left = left - #page
  from = tonumber(string.match(page[#page][1], '^%d+')) + 1
end
return answer()
