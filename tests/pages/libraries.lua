-- Libraries that no compiler would make: any text as a name, made through the description of a library.
local compile <const> = require "oleander.idl.compile"
local core <const> = require "oleander.core"

local libraries <const> = {}

local IDL <const> = [[
[uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0001), version(1.2), helpstring("A library for pages")]
library Pages {
  importlib("stdole2.tlb");
  [helpstring("Colours of things")] enum Colour { Red = 1, Green = 16, [hidden] Last = -1 };
  [helpstring("Where things are")] struct Point { long x; short y[4]; double z; };
  union Either { long number; BSTR* text; };
  typedef [public] long Handle;
  [uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0002), dual, oleautomation, helpstring("A shape"), helpcontext(77)]
  interface IShape : IDispatch {
    [id(0), propget, helpstring("Its name")] HRESULT Name([out, retval] BSTR* value);
    [id(0), propput] HRESULT Name([in] BSTR value);
    [id(2), helpstring("Moves it"), helpcontext(9)]
    HRESULT Move([in] double dx, [in, optional, defaultvalue(3)] long steps, [out, retval] Handle* moved);
    [id(3), hidden] HRESULT Secret([in] enum Colour which);
  };
  [uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0003), dual, oleautomation] interface ICircle : IShape {
    [id(10)] HRESULT Join([in] IShape* other, [in] struct Point* at);
  };
  [uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0004)] dispinterface DShapeEvents {
    properties: [id(5)] long Count;
    methods: [id(1), helpstring("It was moved")] void Moved([in] double dx);
  };
  [uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0005), helpstring("A circle")] coclass Circle {
    [default] interface ICircle; [default, source] dispinterface DShapeEvents;
  };
  [dllname("pages.dll")] module Tools {
    const long Limit = 255;
    const LPSTR Greeting = "hello";
    [entry("Measure")] long _stdcall Measure([in] BSTR text);
    [entry(7)] void _stdcall Numbered();
  };
};]]

---The description of a library with one of everything; `change` may do with it what it likes.
---@param path string
---@param change? fun(description: table, types: table<string, table>)
function libraries.make(path, change)
  local description <const> = assert(compile.describe(compile.read { text = IDL }))
  local types <const> = {}
  for _, kind in ipairs(description.types) do types[kind.name] = kind end
  if change then change(description, types) end
  core.build_typelib(description, path)
end

return libraries
