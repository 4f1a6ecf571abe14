local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local make <const>, failure <const> = support.make, support.failure

describe("an error", function()
  it("begins with the file and line of the caller", function()
    local calc <const> = make "Calc"
    local line <const> = debug.getinfo(1, "l").currentline + 1
    local err <const> = failure(function() local _ = calc:Divide(1, 0) end)
    assert.equal("tests/bridge/errors_spec.lua:" .. line, err.where:match "[^/]*/[^/]*/[^/]*$")
    assert.equal(err.where .. ": ", tostring(err):sub(1, #err.where + 2))
    assert.matches("division by zero", tostring(err), 1, true)
    assert.matches("BridgeTest.ICalc:Divide", tostring(err), 1, true)
    assert.matches("0x80020012 DISP_E_DIVBYZERO", tostring(err), 1, true)
  end)

  it("can be joined to a string", function()
    local err <const> = failure(function() return make("Calc").Nope end)
    assert.equal("said: " .. tostring(err), "said: " .. err)
    assert.equal(tostring(err) .. "!", err .. "!")
  end)

  it("is the second value of com.try", function()
    local calc <const> = make "Calc"
    assert.same({ 3, 2 }, { com.try(calc.Divide, calc, 17, 5) })
    local result <const>, err <const> = com.try(calc.Divide, calc, 1, 0)
    assert.is_nil(result)
    assert.equal(com.hr.DISP_E_DIVBYZERO, err.hresult)
  end)

  it("is printed by lua5.4 with its position", function()
    local script <const> = os.tmpname()
    local file <const> = assert(io.open(script, "w"))
    file:write(([[
local com = require "oleander"
local calc = com.create(%q, { module = %q })
print(calc:Divide(1, 0))
]]):format(support.clsid.Calc, support.module))
    file:close()
    local pipe <const> = assert(io.popen("ASAN_OPTIONS=detect_leaks=0 lua5.4 " .. script .. " 2>&1"))
    local output <const> = pipe:read "a"
    pipe:close()
    os.remove(script)
    assert.matches(script .. ":3: BridgeTest.ICalc:Divide: division by zero", output, 1, true)
  end)

  it("names HRESULTs", function()
    assert.equal(0x80070005, com.hr.E_ACCESSDENIED)
    assert.equal(0, com.hr.S_OK)
    support.fails({ text = "E_NOSUCH" }, function() return com.hr.E_NOSUCH end)
  end)

  it("of a server that leaves texts and results behind leaks nothing and raises what it returned", function()
    local hostile <const> = make "Hostile"
    support.fails({ name = "E_FAIL" }, hostile.FailLoud, hostile)
    hostile:StaleError()
  end)
end)
