-- KEYS[1] entry; ARGV owner, lease and time to live in milliseconds.
-- A claim that is gone stays gone: this may arrive after the key was set free.
local owner, state = unpack(redis.call('HMGET', KEYS[1], 'owner', 'state'))
if owner ~= ARGV[1] or state ~= 'claimed' then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'lease', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
