-- The names that completion offers for objects, read without the descriptions of all members.
local com <const> = require "oleander"
local complete <const> = require "oleander.prompt.complete"

local library <const> = com.compile_idl [[
[uuid(6B29FC40-CA47-1067-B31D-00DD01066290)] library Named {
  importlib("stdole2.tlb");
  enum Colour { Red, Green };
  [uuid(6B29FC40-CA47-1067-B31D-00DD01066291), dual] interface IBase : IDispatch {
    [id(1)] HRESULT Paint([in] enum Colour colour);
    [id(2), propget] HRESULT Title([out, retval] BSTR *text);
    [id(2), propput] HRESULT Title([in] BSTR text);
    [id(3), propget] HRESULT Item([in] long at, [out, retval] BSTR *text);
    [id(4), hidden] HRESULT Secret();
    [id(5), restricted] HRESULT Shut();
    [id(6)] HRESULT _Private();
  };
  [uuid(6B29FC40-CA47-1067-B31D-00DD01066292), dual] interface IMore : IBase { [id(7)] HRESULT Print(); };
}]]

local environment <const> = { { o = com.object({}, "IMore", library) } }

describe("completion of members", function()
  for _, case in ipairs {
    { "o:p", { "Paint", "Print" } }, { "o.", { "Item", "Paint", "Print", "Title" } }, { "o:pA", { "Paint" } },
    { "o:_", { "_Private" } }, { "o.S", {} }, { "o.none", {} }, { "o:Paint('", { "Green", "Red" } },
  } do
    it("offers what fits behind " .. case[1], function()
      assert.same(case[2], complete(case[1], #case[1], environment).list)
    end)
  end
end)
