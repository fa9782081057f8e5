-- Adds what a server that was started again lacks of a stream, and lets appends go on. One atomic step: nothing is done unless the
-- stream is still as RestorePlan saw it.
-- KEYS: meta, entries, snapshots, gone. ARGV: as seen: epoch, offset, deleted epochs; 1 = what is stored goes first; a snapshot's
-- header ('' = none) and value; the new head: epoch, offset, past, writer, number; then offset, header, body of each entry.
-- Answers 1 when done.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'run')
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if (meta[1] or '') ~= ARGV[1] or (meta[2] or '0') ~= ARGV[2] or meta[3] == run then return 0 end
if (redis.call('GET', KEYS[4]) or '') ~= ARGV[3] then return 0 end

if ARGV[4] == '1' then redis.call('DEL', KEYS[2], KEYS[3]) end
if ARGV[5] ~= '' then
  local newest = redis.call('HGET', KEYS[3], 'newest')
  local at = newest and redis.call('HGET', KEYS[3], newest .. ':at')
  if not at or tonumber(string.match(at, '^%w+ (%d+)')) < tonumber(string.match(ARGV[5], '^%w+ (%d+)')) then
    local slot = newest == 'a' and 'b' or 'a'
    redis.call('HSET', KEYS[3], 'newest', slot, slot .. ':at', ARGV[5], slot, ARGV[6])
  end
end
for i = 12, #ARGV, 3 do redis.call('XADD', KEYS[2], ARGV[i] .. '-0', 'h', ARGV[i + 1], 'b', ARGV[i + 2]) end
redis.call('HSET', KEYS[1], 'epoch', ARGV[7], 'head', ARGV[8], 'past', ARGV[9], 'writer', ARGV[10], 'number', ARGV[11], 'run', run)
return 1
