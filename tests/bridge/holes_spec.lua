-- Methods that the author of a C server forgot in a vtable.
local com <const> = require "oleander"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"

local function make(call)
  return com.create("{9B2E7A10-1D5C-4F0E-8B11-6C2D3E4F5A03}",
    { module = build .. "/tests/bridge/servers/holes.so", call = call })
end

describe("a method that a C server forgot", function()
  for _, call in ipairs { "vtable", "invoke" } do
    it("refuses with its name, by " .. call, function()
      local o <const> = make(call)
      assert.equal(6, o:Here(5))
      local value, err = com.try(o.Forgotten, o, "text", 2.5)
      assert.is_nil(value)
      assert.equal("E_NOTIMPL", err.name)
      assert.truthy(err.description:find("IHoles::Forgotten is not implemented", 1, true), err.description)
      assert.equal("Test.Holes", err.source)
      value, err = com.try(com.get, o, "Missing")
      assert.is_nil(value)
      assert.truthy(err.description:find("IHoles::Missing is not implemented", 1, true), err.description)
      assert.equal(6, o:Here(5))
    end)
  end
end)
