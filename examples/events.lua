-- An event source written in Lua, and its listeners.
--   lua5.4 examples/events.lua boiler.tlb       (made from boiler/boiler.idl)
local com <const> = require "oleander"

local library <const> = com.typelib(assert(arg[1], "the path of boiler.tlb is wanted"))

local Boiler <const> = {}
Boiler.__index = Boiler

function Boiler:Heat(degrees)
  for _ = 1, degrees do
    self.Temperature = self.Temperature + 10
    com.fire(self, "Heated", self.Temperature)
    -- [out] parameters of an event come back as results.
    if self.Temperature >= 100 and com.fire(self, "Overheating", self.Temperature) then
      return false
    end
  end
  return true
end

local boiler <const> = com.object(setmetatable({ Temperature = 70 }, Boiler), "Boiler", library)

-- One event ...
com.on(boiler, "Heated", function(temperature) print("heated to", temperature) end)

-- ... or several. What a handler returns is the event's [out].
local guard <const> = com.connect(boiler, {
  Overheating = function(temperature)
    print("too hot", temperature)
    return true
  end,
})

print("done", boiler:Heat(5))
guard:close()
print("done", boiler:Heat(1))

-- Waiting for an event.
com.run(function()
  com.after(0.01, function() boiler:Heat(1) end)
  print("awaited", com.await(boiler, "Heated", 5))
end)
