-- Makes 500 arrays of a mebibyte, and drops them; prints how many KiB the resident set has grown.
local com <const> = require "oleander"

local function resident()
  local file <close> = assert(io.open "/proc/self/statm")
  local _ <const>, pages <const> = file:read("n", "n")
  return pages * 4
end

local bytes <const> = string.rep("b", 1 << 20)
local before <const> = resident()
for _ = 1, 500 do com.array("ui1", nil, bytes) end
print(resident() - before)
