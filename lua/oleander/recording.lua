--- Recordings: com.spy(o, file) writes down what an object is asked and what it answers, com.replay(file) answers in
--- its place, com.replay(file, o) asks another one the same.
local core <const> = require "oleander.core"

core.own_source(debug.getinfo(1, "S").source)

local recording <const> = {}

---Something that the other server does differently.
---@class oleander.Difference
---@field n integer the line of the recording
---@field member string
---@field expected any the recorded result; a text for errors, several results, events and callbacks
---@field got any
---@field text string for people

---Plays a recording that com.spy(o, file) made. Without `o` it gives an object that answers as the recorded one did, in
---the order of the recording, and raises its events and calls back where it did; a call that was not recorded there is
---E_UNEXPECTED and says which one is the nearest. With `o` the recorded calls are made on that object, and the list
---says what it does differently; it is empty when there is no difference.
---@param file string
---@param o oleander.Object?
---@return oleander.Object|oleander.Difference[]
function recording.replay(file, o)
  if o ~= nil then core.handle_check(o, "com.replay") end
  local read <const> = require "oleander.recording.script".read(file, "com.replay")
  if o ~= nil then return require "oleander.recording.compare".run(read, o) end
  return require "oleander.recording.mock".object(read)
end

return recording
