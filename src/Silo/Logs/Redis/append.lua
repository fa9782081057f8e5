-- Adds an entry if the head is the one that was named. One atomic step.
-- KEYS: meta, entries, gone. ARGV: the head's epoch ('' = the stream has no entry), offset, writer and number; the entry's epoch,
-- offset, writer, number, header, body.
-- Answers {0 taken | 1 refused | 2 restarted, then the head after it: epoch, offset, writer, number}.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'writer', 'number', 'run')
local epoch, head = meta[1] or '', meta[2] or '0'
local writer, number = meta[3] or '', meta[4] or '0'
local at_head = epoch == ARGV[1] and head == ARGV[2] and writer == ARGV[3] and number == ARGV[4]
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

local function has(list, word) return string.find(' ' .. (list or ''), ' ' .. word, 1, true) end
local function answer(code) return {code, epoch, head, writer, number} end

if epoch == '' then
  -- Only a deletion or a loss explains that someone knows a head here, or added this entry before.
  local gone = redis.call('GET', KEYS[3])
  if has(gone, ARGV[5] .. ' ') then return answer(1) end
  if not at_head then
    if has(gone, ARGV[1] .. ' ') then return answer(1) end
    return answer(2)
  end
elseif meta[5] == run then
  if not at_head then return answer(1) end
elseif not at_head or epoch == ARGV[5] then
  -- The server was started again. Refused are those who were behind before that, or know another entry at the head.
  if ARGV[1] == '' or (epoch == ARGV[1] and not at_head and tonumber(head) >= tonumber(ARGV[2])) then return answer(1) end
  if has(redis.call('HGET', KEYS[1], 'past'), ARGV[1] .. ':') or has(redis.call('GET', KEYS[3]), ARGV[1] .. ' ') then return answer(1) end
  return answer(2)
end

redis.call('XADD', KEYS[2], ARGV[6] .. '-0', 'h', ARGV[9], 'b', ARGV[10])
if epoch == ARGV[5] then
  redis.call('HSET', KEYS[1], 'head', ARGV[6], 'writer', ARGV[7], 'number', ARGV[8])
else
  -- The rule of LogEpochs.Append.
  local kept_past, past = 64, ''
  if epoch ~= '' then
    past = (redis.call('HGET', KEYS[1], 'past') or '') .. epoch .. ':' .. head .. ' '
    local _, count = string.gsub(past, ' ', '')
    if count > kept_past then past = string.match(past, '^%S+ (.*)$') end
  end
  redis.call('HSET', KEYS[1], 'epoch', ARGV[5], 'head', ARGV[6], 'writer', ARGV[7], 'number', ARGV[8], 'run', run, 'past', past)
end
return {0, ARGV[5], ARGV[6], ARGV[7], ARGV[8]}
