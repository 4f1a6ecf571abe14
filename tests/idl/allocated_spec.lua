-- Memory with elements that the callee makes ([out, size_is(, n)] T **), and structures with text in them: as the
-- interfaces of industrial automation have them.
local com <const> = require "oleander"
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"

local IDL <const> = [[
[uuid(5D1F7A10-3C84-4B69-A17E-0B936C25D801), version(1.0)]
library Items {
  importlib("stdole2.tlb");
  typedef struct { BSTR name; long handle; VARIANT value; } ITEM;
  typedef struct { long handle; [string] wchar_t *text; } RESULT;
  [uuid(5D1F7A10-3C84-4B69-A17E-0B936C25D802), object]
  interface IItems : IUnknown {
    HRESULT Read([in] long count, [in, size_is(count)] long *handles, [out, size_is(, count)] long **values,
      [out, size_is(, count)] HRESULT **errors);
    HRESULT Add([in] long count, [in, size_is(count)] ITEM *items, [out, size_is(, count)] RESULT **results);
    HRESULT List([out] long *count, [out, size_is(, *count)] BSTR **names);
    HRESULT Objects([out] long *count, [out, size_is(, *count)] IDispatch ***objects);
    HRESULT Bytes([in] long count, [out, size_is(, count)] byte **bytes);
    HRESULT Values([out] long *count, [out, size_is(, *count)] VARIANT **values);
  }
}
]]

local server <const> = [[
local impl <const> = {}
function impl:Read(count, handles)
  local values <const>, errors <const> = {}, {}
  for i = 1, count do values[i], errors[i] = handles[i] * 10, i end
  return values, errors
end
function impl:Add(count, items)
  local list <const> = {}
  for i = 1, count do list[i] = { handle = items[i].handle, text = items[i].name } end
  return list
end
function impl:List() return 3, { "a", "grün", "" } end
function impl:Objects() return 2, { com.object { Number = 1 }, com.object { Number = 2 } } end
function impl:Bytes(count) return ("\1\2"):rep(count // 2) end
function impl:Values() return 3, { 1, "two", com.array("i4", 1, { 3 }) } end
]]

local function library()
  local path <const> = support.folder .. "/items.tlb"
  com.compile_idl(IDL):save(path)
  return com.typelib(path), path
end

describe("memory that the callee makes", function()
  local lib <const>, path <const> = library()
  local items <const> = lib.types.IItems
  teardown(support.finish)

  local function check(o)
    local values <const>, errors <const> = o:Read { 1, 2, 3 }
    assert.same({ 10, 20, 30 }, values)
    assert.same({ 1, 2, 3 }, errors)
    local results <const> = o:Add { { name = "x", handle = 7, value = 5 },
      { name = "größer", handle = 8, value = "z" } }
    assert.equal(2, #results)
    assert.same({ 7, "x", 8, "größer" },
      { results[1].handle, results[1].text, results[2].handle, results[2].text })
    local count <const>, names <const> = o:List()
    assert.equal(3, count)
    assert.same({ "a", "grün", "" }, names)
    local _, objects <const> = o:Objects()
    assert.same({ 1, 2 }, { objects[1].Number, objects[2].Number })
    assert.equal("\1\2\1\2", o:Bytes(4))
    assert.equal("", o:Bytes(0))
    local _, mixed <const> = o:Values()
    assert.same({ 1, "two", 3 }, { mixed[1], mixed[2], mixed[3][1] })
  end

  it("is a list, a string of bytes, or text, in one process", function()
    local impl <const> = assert(load("local com = require 'oleander' " .. server .. " return impl"))()
    for _ = 1, 50 do check(com.query(com.object(impl, items), items, { typelib = lib })) end
  end)

  it("is the same from another process", function()
    local process <const> = support.script(server .. ([[
      local lib <const> = com.typelib "%s"
      print(hex(com.marshal(com.object(impl, lib.types.IItems))))
      com.run()
    ]]):format(path))
    local o <const> = com.unmarshal(support.unhex(process:line()))
    for _ = 1, 20 do check(com.query(o, items, { typelib = lib })) end
  end)

  it("keeps what was given away from the collector, which runs all the time", function()
    local process <const> = support.script([[collectgarbage "incremental" collectgarbage("setpause", 1)
      collectgarbage("setstepmul", 4000)]] .. "\n" .. server .. ([[
      local lib <const> = com.typelib "%s"
      print(hex(com.marshal(com.object(impl, lib.types.IItems))))
      com.run()
    ]]):format(path))
    local o <const> = com.query(com.unmarshal(support.unhex(process:line())), items, { typelib = lib })
    for _ = 1, 40 do
      local _, objects <const> = o:Objects()
      assert.same({ 1, 2 }, { objects[1].Number, objects[2].Number })
    end
  end)

  it("has as many elements as its count says, or the server is told", function()
    local function fails(impl, name, ...)
      local o <const> = com.query(com.object(impl, items), items, { typelib = lib })
      return support.failure(o[name], o, ...).description
    end
    assert.truthy(fails({ Read = function() return { 1, 2, 3, 4 }, {} end }, "Read", { 1, 2 }):find "4 elements")
    assert.truthy(fails({ List = function() return 5, { "a" } end }, "List"):find "1 elements")
    assert.truthy(fails({ List = function() return 1, "a" end }, "List"):find "table")
    assert.truthy(fails({ List = function() return 2, { "a", {} } end }, "List"):find "element 2")
    local o <const> = com.query(com.object({ Read = function() return nil, { 7 } end }, items), items,
      { typelib = lib })
    local values <const>, errors <const> = o:Read { 1, 2 }
    assert.is_nil(values)
    assert.same({ 7, 0 }, errors) -- the rest is zeros
  end)

  it("may have text in its structures, which reads and writes as text", function()
    local r <const> = com.record(lib.types.RESULT, { handle = 3, text = "grün" })
    assert.equal("grün", r.text)
    r.text = "x"
    assert.equal("x", r.text)
    r.text = nil
    assert.is_nil(r.text)
    assert.equal("DISP_E_TYPEMISMATCH", support.failure(function() r.text = {} end).name)
    assert.equal("DISP_E_UNKNOWNNAME", support.failure(function() return r.other end).name)
  end)
end)
