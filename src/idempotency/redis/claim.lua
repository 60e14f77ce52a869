-- KEYS[1] entry; ARGV owner, fingerprint, lease and time to live in milliseconds.
-- An owner that asks twice, because an answer was lost on the way, holds its claim.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local owner, fingerprint, state, lease, answer =
  unpack(redis.call('HMGET', KEYS[1], 'owner', 'fingerprint', 'state', 'lease', 'answer'))

if not owner or (owner == ARGV[1] and state == 'claimed') then
  redis.call('HSET', KEYS[1],
    'owner', ARGV[1], 'fingerprint', ARGV[2], 'state', 'claimed', 'lease', now + ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {'fresh', ''}
end
if fingerprint ~= ARGV[2] then
  return {'reused', ''}
end
if state == 'finished' then
  return {'finished', answer}
end
if state == 'claimed' then
  if tonumber(lease) > now then
    return {'in-progress', ''}
  end
  redis.call('HSET', KEYS[1], 'state', 'unknown')
end
return {'unknown', ''}
