-- com.idl and Library:save: the text of libraries, types and objects, and what becomes of it.
local com <const> = require "oleander"

local IDL <const> = [[
import "oaidl.idl";
[uuid(6B29FC40-CA47-1067-B31D-00DD01066290), version(2.5), helpstring("Shapes"), abi("wchar=4")]
library Shapes {
  importlib("stdole2.tlb");
  typedef [public] long Length;
  enum Colour { red = 1, green = 2 };
  struct Place { Length x; Length y; IFontDisp *font; };
  [object, dual, uuid(6B29FC40-CA47-1067-B31D-00DD01066291)] interface IShape : IDispatch {
    [id(1), propget] HRESULT Colour([out, retval] enum Colour *value);
    [id(2)] HRESULT Move([in] Place *to, [in, defaultvalue(3)] Length steps, [in, optional] VARIANT how);
    [id(3)] HRESULT Load([in, size_is(n)] byte *data, [in] long n);
  }
  [object, dual, uuid(6B29FC40-CA47-1067-B31D-00DD01066292)] interface IOther : IDispatch {
    [id(1), propget] HRESULT Name([out, retval] BSTR *value);
  }
  [uuid(6B29FC40-CA47-1067-B31D-00DD01066293)] dispinterface DShapeEvents {
    properties: methods: [id(1)] void Moved();
  }
  [uuid(6B29FC40-CA47-1067-B31D-00DD01066294)] coclass Shape {
    [default] interface IShape; [default, source] dispinterface DShapeEvents;
  }
}]]

local function saved(library)
  local path <const> = os.tmpname()
  library:save(path)
  local again <const> = com.typelib(path)
  local _ <const> = #again.types
  os.remove(path)
  return again
end

describe("com.idl", function()
  local library <const> = com.compile_idl(IDL)

  it("is a text that compiles to the same library", function()
    local text <const>, problems <const> = com.idl(library)
    assert.same({}, problems)
    local again <const> = com.compile_idl(text)
    assert.equal(text, (com.idl(again)))
    assert.equal("same", com.diff(library, again).result)
  end)

  it("has of a library what a type needs", function()
    local text <const> = com.idl(library.types.IShape)
    local part <const> = com.compile_idl(text)
    local names <const> = {}
    for i = 1, #part.types do names[i] = part.types[i].name end
    assert.same({ "Length", "Colour", "Place", "IShape" }, names)
    assert.equal(library.guid, part.guid)
    assert.equal(text, (com.idl(part)))
    assert.truthy(com.idl(library.types.Shape):find "interface IShape")
    assert.is_nil(com.idl(library.types.Shape):find "IOther")
  end)

  it("is that of the type of an object", function()
    local object <close> = com.object({ Name = "one" }, "IOther", library)
    assert.equal(com.idl(library.types.IOther), (com.idl(object)))
    local own <close> = com.object { Answer = function() return 42 end }
    if com.typeof(own) then assert.truthy(com.idl(own):find "Answer") end
  end)

  it("refuses other values", function()
    for _, value in ipairs { 5, true, {}, print } do
      local _ <const>, err <const> = com.try(com.idl, value)
      assert.truthy(err.description:find "a library, a type or an object is wanted", tostring(value))
    end
  end)
end)

describe("Library:save", function()
  it("writes libraries that were compiled, loaded, and built in", function()
    local library <const> = com.compile_idl(IDL)
    for _, source in ipairs { library, saved(library), com.typelib "stdole2.tlb" } do
      local again <const> = saved(source)
      assert.equal("MSFT", again.format)
      assert.equal("same", com.diff(source, again).result)
      assert.equal((com.idl(source)), (com.idl(again)))
    end
  end)

  it("makes MSFT of SLTG", function()
    local path <const> = (os.getenv "OLEANDER_SHARED" or "") .. "/typelibs/generated/s3-sltg.tlb"
    local file <const> = io.open(path)
    if not file then return pending "the corpus of type libraries is absent (OLEANDER_SHARED)" end
    file:close()
    local old <const> = com.typelib(path)
    assert.equal("SLTG", old.format)
    local new <const> = saved(old)
    assert.equal("MSFT", new.format)
    assert.equal(#old.types, #new.types)
    for i = 1, #old.types do assert.equal(tostring(old.types[i]), tostring(new.types[i])) end
  end)

  it("says what is wrong with a path", function()
    local library <const> = com.compile_idl(IDL)
    assert.error_matches(function() library:save() end, "the path of a file is wanted")
    assert.error_matches(function() library:save "/no/such/folder/x.tlb" end, "can't be written")
  end)
end)

describe("com.header", function()
  it("writes headers that compile", function()
    local source <const> = assert(os.getenv "OLEANDER_SOURCE")
    local path <const> = os.tmpname()
    local keywords <const> = com.compile_idl [[
      [uuid(3F1B5A60-6B5E-4A0B-9E43-6C1B0F2D7711)] library Words {
        importlib("stdole2.tlb");
        interface ISecond;
        [object, uuid(3F1B5A60-6B5E-4A0B-9E43-6C1B0F2D7712)] interface IFirst : IUnknown {
          HRESULT delete([in] ISecond *class, [in] long new);
        };
        [object, uuid(3F1B5A60-6B5E-4A0B-9E43-6C1B0F2D7713)] interface ISecond : IFirst { HRESULT Go(); };
      };]]
    local scripting <const> = com.typelib(os.getenv "OLEANDER_STAGE" .. "/lib/oleander/servers/scripting.so")
    for _, library in ipairs { com.compile_idl(IDL), saved(com.compile_idl(IDL)), keywords, scripting } do
      com.header(library, path)
      for _, compiler in ipairs { "gcc -std=c11 -x c", "g++ -x c++" } do
        local command <const> = "env -u LD_PRELOAD %s -Wall -fsyntax-only -I'%s/include/oleander' %s >%s.log 2>&1"
        local done <const> = os.execute(command:format(compiler, source, path, path))
        local log <close> = assert(io.open(path .. ".log"))
        assert(done, log:read "a")
      end
    end
    os.remove(path)
    os.remove(path .. ".log")
    assert.error_matches(function() com.header("stdole2.tlb", "/no/such/folder/x.h") end, "can't be written")
    assert.error_matches(function() com.header(5, path) end, "a library and the path")
  end)
end)
