-- Adds what a server that was started again lacks of a stream, and lets appends go on. One atomic step: nothing is done unless the
-- stream is still as RestorePlan saw it.
-- KEYS: meta, entries, snapshots, gone. ARGV: as seen: epoch, offset, writer, number, deleted epochs; 1 = what is stored goes first; a snapshot's
-- header ('' = none) and value; the new head: epoch, offset, past, writer, number; then offset, header, body of each entry.
-- Answers 1 when done.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'writer', 'number', 'run')
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if (meta[1] or '') ~= ARGV[1] or (meta[2] or '0') ~= ARGV[2] or meta[5] == run then return 0 end
if (meta[3] or '') ~= ARGV[3] or (meta[4] or '0') ~= ARGV[4] or (redis.call('GET', KEYS[4]) or '') ~= ARGV[5] then return 0 end

if ARGV[6] == '1' then redis.call('DEL', KEYS[2], KEYS[3]) end
if ARGV[7] ~= '' then
  local newest = redis.call('HGET', KEYS[3], 'newest')
  local at = newest and redis.call('HGET', KEYS[3], newest .. ':at')
  if not at or tonumber(string.match(at, '^%w+ (%d+)')) < tonumber(string.match(ARGV[7], '^%w+ (%d+)')) then
    local slot = newest == 'a' and 'b' or 'a'
    redis.call('HSET', KEYS[3], 'newest', slot, slot .. ':at', ARGV[7], slot, ARGV[8])
  end
end
for i = 14, #ARGV, 3 do redis.call('XADD', KEYS[2], ARGV[i] .. '-0', 'h', ARGV[i + 1], 'b', ARGV[i + 2]) end
redis.call('HSET', KEYS[1], 'epoch', ARGV[9], 'head', ARGV[10], 'past', ARGV[11], 'writer', ARGV[12], 'number', ARGV[13], 'run', run)
return 1
