-- Puts back a list of silos that was lost, unless another silo has: the version that is there is not older then.
-- KEYS[1] the list  ARGV[1] the version as it was known  ARGV[2...] its other fields and their values
local version = tonumber(redis.call('HGET', KEYS[1], 'Version') or -1)
local known = tonumber(ARGV[1])
if version >= known then return 0 end
for i = 2, #ARGV, 2 do
  redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[1], 'Version', known + 1)
return 1
