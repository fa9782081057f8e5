-- Which start of the server this is, and how many of these keys are there. KEYS: any. Answers {run id, count}.
return {string.match(redis.call('INFO', 'server'), 'run_id:(%w+)'), redis.call('EXISTS', unpack(KEYS))}
