-- The heads of many streams. KEYS: their metas. Answers {epoch, head, epoch, head, …, the clock in ms}; '' for a stream that is not there.
local heads = {}
for i, key in ipairs(KEYS) do
  local meta = redis.call('HMGET', key, 'epoch', 'head')
  heads[#heads + 1] = meta[1] or ''
  heads[#heads + 1] = meta[2] or '0'
end
local time = redis.call('TIME')
heads[#heads + 1] = string.format('%d', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
return heads
