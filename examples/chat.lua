-- A chat of processes through events. Who comes first opens the room, an object that raises an event for each line; the
-- others find it among the running objects. Everyone says the next of his lines when somebody else has spoken; who
-- comes to an open room begins.
--   lua5.4 chat.lua ann "How are you?" "Bye." &      lua5.4 chat.lua ben "Hello!" "Fine."
local com <const> = require "oleander"

local ROOM <const> = "!Oleander chat"
local name <const>, lines <const> = arg[1] or "somebody", table.move(arg, 2, #arg, 1, {})

local Room <const> = {
  __types = { Say = "void (bstr who, bstr text)" },
  __events = { Said = "(bstr who, bstr text)" },
}
Room.__index = Room

function Room:Say(who, text)
  com.fire(self, "Said", who, text) -- to all who listen, in this process and in others
end

local room = com.try(com.running, ROOM)
local is_ours <const> = not room
if is_ours then
  room = com.object(setmetatable({}, Room))
  com.publish(room, ROOM)
  print "the room is open"
  io.stdout:flush()
end

local function say_next()
  if #lines > 0 then room:Say(name, table.remove(lines, 1)) end
  if #lines == 0 and is_ours then com.stop() end
end

local _ <close> = com.on(room, "Said", function(who, text)
  print(who .. ": " .. text)
  if who == name then return end
  if #lines > 0 then
    com.after(0, say_next) -- when the line has been said to all
  else
    com.stop()
  end
end)

if not is_ours then say_next() end
com.run()
