local com <const> = require "oleander"
local limits <const> = require "limits"
local support <const> = require "tests.bridge.support"
local make <const> = support.make

local long <const> = ("long text é "):rep(1000)

-- What is done with a fresh object while Lua has no memory. Leaks of the server's memory show under AddressSanitizer,
-- leaks of its objects in the count.
local works <const> = {
  ["a call"] = function(calc) return calc:Add(1, 2) end,
  ["a long string"] = function(calc) return calc:Echo(long) end,
  ["several results"] = function(calc) return calc:Outs() end,
  ["an object as result"] = function(calc) return calc:Make "Collection" end,
  ["a property that is an object"] = function(calc)
    calc.Friend = calc
    local friend <const> = calc.Friend
    calc.Friend = nil
    return friend
  end,
  ["an error with texts"] = function(calc) return calc:Fail(0x80070005, long) end,
  ["an argument error"] = function(calc) return calc:Add("x", 1) end,
  ["an unknown member"] = function(calc) return calc.Ad end,
  ["arrays"] = function(calc)
    local types <const> = calc:Types()
    return types:Strings({ "a", long }):totable(), types:Variants { 1, "x", calc }
  end,
  ["records"] = function(calc) return calc:Types():Place { x = 1, y = 2, name = long } end,
  ["a VARIANT"] = function(calc) return calc:Types():Variant(long), calc:Types():Variant { 1, { 2 } } end,
  ["an enumeration"] = function(calc)
    local list <const> = calc:Make "Collection"
    list:Append(calc)
    list:Append(long)
    for _, value in com.each(list) do local _ = value end
  end,
  ["an object without types"] = function(calc)
    local odd <const> = calc:Make "Untyped"
    odd.Size = 4
    return odd:Twice(2), odd.Title, odd:Named(com.args { a = 1, b = 2 })
  end,
  ["keys"] = function(calc) return com.key(calc) end,
}

describe("want of memory in", function()
  local anchor <const> = make "Calc"

  for _, mode in ipairs { "vtable", "invoke" } do
    for name, work in pairs(works) do
      it(name .. " through " .. mode .. " leaves nothing behind", function()
        local before <const> = support.live(anchor)
        local n = 0
        while true do
          local calc <const> = make("Calc", { call = mode })
          local ok <const>, count <const> = limits.call(n, work, calc)
          calc.Friend = nil
          com.release(calc)
          if ok or count <= n then break end
          n = n + 1
          assert(n < 5000, "it never succeeds")
        end
        assert.equal(before, support.live(anchor))
        assert.equal(3, anchor:Add(1, 2))
      end)
    end
  end
end)
