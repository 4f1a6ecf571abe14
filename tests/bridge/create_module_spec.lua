-- com.create with `module`: the one way into modules, whose entry points must be their own.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local modules <const> = (os.getenv "OLEANDER_BUILD" or "build/release") .. "/tests/modules/"
local GOOD <const> = "{6F1E0001-1111-2222-0102-030405060708}"

-- borrower.so has no entry point of its own, but links a library that has one.
local refused <const> = {
  { "borrower.so", { name = "CO_E_ERRORINDLL", text = { "borrower.so", "DllGetClassObject" } } },
  { "empty.so", { name = "CO_E_ERRORINDLL", text = { "empty.so", "DllGetClassObject" } } },
  { "unresolved.so", { name = "CO_E_ERRORINDLL", text = { "unresolved.so", "undefined symbol" } } },
  { "missing.so", { name = "CO_E_DLLNOTFOUND", text = "missing.so" } },
}

describe("com.create from a module", function()
  it("makes an object of its class", function()
    assert.is_truthy(com.create(GOOD, { module = modules .. "good.so" }))
  end)

  for _, case in ipairs(refused) do
    it("refuses " .. case[1], function()
      support.fails(case[2], com.create, GOOD, { module = modules .. case[1] })
    end)
  end

  it("says that the module does not have the class", function()
    support.fails({ name = "CLASS_E_CLASSNOTAVAILABLE" }, com.create, "{6F1E0099-1111-2222-0102-030405060708}",
      { module = modules .. "good.so" })
  end)
end)
