-- Oleander's loop inside luv's: com.poll_fd() becomes readable when com.step() has something to do.
local com <const> = require "oleander"
local uv <const> = require "luv"

local poll <const> = uv.new_poll(com.poll_fd())
poll:start("r", function() com.step(0) end)

-- Oleander's timers and coroutines ...
com.spawn(function()
  for i = 1, 3 do
    com.sleep(0.02)
    print("oleander", i)
  end
  poll:stop()
  poll:close()
end)

-- ... beside luv's.
local timer <const> = uv.new_timer()
timer:start(50, 0, function()
  print "luv"
  timer:close()
end)

uv.run()
print "end"
