-- Where a stream ends. KEYS: meta, gone.
-- Answers {epoch or '', offset, writer, number, past, 1 if the server was started again since the last append, the deleted epochs}.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'head', 'writer', 'number', 'past', 'run')
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return {meta[1] or '', meta[2] or '0', meta[3] or '', meta[4] or '0', meta[5] or '', meta[6] == run and 0 or 1, redis.call('GET', KEYS[2]) or ''}
