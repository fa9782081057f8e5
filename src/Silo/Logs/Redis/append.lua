-- Takes one batch into a stream, if it continues its producer's chain. One atomic step: judge, add, publish.
-- KEYS: meta, entries, producers, gone. ARGV: see RedisLog.AppendOnceAsync.
-- Answers {0 taken | 1 repeated | 2 refused | 3 refused, for the stream was deleted, epoch, offset, log time in ms, the producer's last sequence}.
local producer, previous, sequence, batch = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local clock, floor, fresh, channel = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], ARGV[8]
local origin, over_gap, life, due = ARGV[9], ARGV[10] == '1', ARGV[11], tonumber(ARGV[12])
local kept_producers, kept_lives, max_skew = 256, 64, 60000

local last, last_epoch, last_offset, last_at = 0, '', 0, 0
local held = redis.call('HGET', KEYS[3], producer)
if held then
  local s, e, o, a = string.match(held, '^(%d+) (%w+) (%d+) (%d+)$')
  last, last_epoch, last_offset, last_at = tonumber(s), e, tonumber(o), tonumber(a)
end

-- Nothing of a stream that was deleted comes into the one that has its name now.
if life ~= '' then
  local gone = redis.call('GET', KEYS[4])
  if gone and string.find(gone, life .. ' ', 1, true) then return {3, '', 0, 0, last} end
end

if last == sequence then return {1, last_epoch, last_offset, last_at, last} end
if last ~= previous then
  -- A store that lost something may have to go on after a gap, when nobody holds what was in it; nothing comes twice.
  if not over_gap or last > sequence then return {2, '', 0, 0, last} end
end

local meta = redis.call('HMGET', KEYS[1], 'epoch', 'run', 'head', 'at', 'lives')
local epoch, run, head, at, lives = meta[1], meta[2], tonumber(meta[3] or 0), tonumber(meta[4] or 0), meta[5] or ''

-- An epoch is one life of the store: a server that was started again opens the next.
local now_run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not epoch then
  epoch = fresh
elseif run ~= now_run then
  lives = lives .. epoch .. ':' .. string.format('%d', head) .. ' '
  local _, count = string.gsub(lives, ' ', '')
  if count > kept_lives then lives = string.match(lives, '^%S+ (.*)$') end
  epoch = fresh
end

if clock == 0 then
  local time = redis.call('TIME')
  clock = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The rule of LogTime.Next.
if due == 0 then
  if at <= clock + max_skew then at = math.max(clock, at) else at = at + 1 end
elseif math.abs(clock - due) <= max_skew then
  at = math.max(clock, at, due)
else
  at = math.max(at + 1, due)
end
if origin ~= '' or floor <= clock + max_skew then at = math.max(at, floor) end
head = head + 1
local offset, time = string.format('%d', head), string.format('%d', at)

redis.call('XADD', KEYS[2], offset .. '-0', 'h', epoch .. ' ' .. offset .. ' ' .. time .. ' ' .. producer .. ' ' .. ARGV[3] .. ' ' .. origin, 'b', batch)
redis.call('HSET', KEYS[1], 'epoch', epoch, 'run', now_run, 'head', offset, 'at', time, 'lives', lives)
redis.call('HSET', KEYS[3], producer, ARGV[3] .. ' ' .. epoch .. ' ' .. offset .. ' ' .. time)
if not held and redis.call('HLEN', KEYS[3]) > kept_producers then
  local all, oldest, least = redis.call('HGETALL', KEYS[3]), nil, math.huge
  for i = 1, #all, 2 do
    local o = tonumber(string.match(all[i + 1], '^%d+ %w+ (%d+)'))
    if o < least then oldest, least = all[i], o end
  end
  redis.call('HDEL', KEYS[3], oldest)
end

redis.call('PUBLISH', channel, epoch .. ' ' .. offset .. ' ' .. time .. ' ' .. producer .. ' ' .. ARGV[3] .. ' ' .. origin .. '\n' .. batch)
return {0, epoch, head, at, sequence}
