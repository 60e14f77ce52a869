-- KEYS[1] entry; ARGV owner, fingerprint, new state or 'free', time to live in milliseconds, answer.
-- What is another owner's stays. An entry that Redis lost is written again. An owner whose lease ran out was
-- presumed dead, the outcome unknown; what it knows after all replaces the presumption.
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then
  return 0
end
if ARGV[3] == 'free' then
  return redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1],
  'owner', ARGV[1], 'fingerprint', ARGV[2], 'state', ARGV[3], 'answer', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
