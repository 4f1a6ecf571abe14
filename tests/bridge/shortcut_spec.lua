--- com.shortcut: members for modules that convert values themselves.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

describe("com.shortcut", function()
  local calc

  before_each(function() calc = support.make "Calc" end)

  it("tells of success with the results, and of a failure with its error", function()
    local add <const> = com.shortcut(calc, "Add", "call")
    assert.same({ true, 5, n = 2 }, table.pack(add(2, 3)))
    local ok <const>, err <const> = com.shortcut(calc, "Cells", "get")(100, 100)
    assert.is_false(ok)
    assert.equal("DISP_E_BADINDEX", err.name)
    assert.equal("there is no such cell", err.description)
  end)

  it("reads and writes properties", function()
    assert.same({ true, n = 1 }, table.pack(com.shortcut(calc, "Value", "put")(7)))
    assert.same({ true, 7, n = 2 }, table.pack(com.shortcut(calc, "Value", "get")()))
  end)

  it("gives nothing for values that would have to be converted, and calls nobody", function()
    local put <const> = com.shortcut(calc, "Value", "put")
    calc.Value = 1
    local cases <const> = { { n = 0 }, { n = 1 }, { "3", n = 1 }, { true, n = 1 }, { 1.5, n = 1 }, { 2, 3, n = 2 } }
    for _, values in ipairs(cases) do
      assert.equal(0, select("#", put(table.unpack(values, 1, values.n))))
    end
    assert.equal(0, select("#", com.shortcut(calc, "Echo", "call")("\xff")))
    assert.equal(1, calc.Value)
  end)

  it("is nil for members that are unknown, of another kind, or have no plain values", function()
    assert.is_nil(com.shortcut(calc, "NoSuch", "call"))
    assert.is_nil(com.shortcut(calc, "Add", "get"))
    assert.is_nil(com.shortcut(calc, "Describe", "call"))
    assert.has_error(function() com.shortcut(calc, "Add", "fetch") end)
  end)

  it("goes through Invoke where the object does, once a call", function()
    local late <const> = support.make("Calc", { call = "invoke" })
    assert.same({ true, 5, n = 2 }, table.pack(com.shortcut(late, "Add", "call")(2, 3)))
    assert.same({ true, "text", n = 2 }, table.pack(com.shortcut(late, "Echo", "call")("text")))
    assert.equal(0, select("#", com.shortcut(late, "Add", "call")(2, "3")))
    local ok <const>, err <const> = com.shortcut(late, "Cells", "get")(100, 100)
    assert.is_false(ok)
    assert.equal("there is no such cell", err.description)
  end)

  it("keeps its object, and knows when that has been released", function()
    local get <const> = com.shortcut(calc, "Value", "get")
    com.release(calc)
    assert.equal(0, select("#", get()))
    local kept <const> = com.shortcut(support.make "Calc", "Value", "get")
    collectgarbage()
    collectgarbage()
    assert.is_true((kept()))
  end)

  it("brings the cause of an error that a script's own object raises", function()
    local cause <const> = setmetatable({}, { __tostring = function() return "the cause" end })
    local o <const> = com.object({ Add = function() error(cause) end },
      com.compile_idl([[
        [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B11)] library L { importlib("stdole2.tlb");
          [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B12), dual, oleautomation] interface IAdder : IDispatch {
            [id(1)] HRESULT Add([in] long a, [in] long b, [out, retval] long *sum); } }]]).types.IAdder)
    local ok <const>, err <const> = com.shortcut(o, "Add", "call")(1, 2)
    assert.is_false(ok)
    assert.equal(cause, err.cause)
  end)
end)
