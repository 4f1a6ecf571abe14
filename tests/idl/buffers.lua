-- What the specs of buffers share: an interface with all kinds of them, and an object that has it.
local com <const> = require "oleander"

local buffers <const> = {}

buffers.idl = [[
import "unknwn.idl";
[uuid(6B29FC40-CA47-1067-B31D-00DD01066280), version(1.0)]
library Buffers {
  importlib("stdole2.tlb");
  [object, uuid(6B29FC40-CA47-1067-B31D-00DD01066281)] interface INamed : IUnknown {
    HRESULT Name([out, retval] BSTR *name);
  }
  struct Point { long x; long y; };
  [object, uuid(6B29FC40-CA47-1067-B31D-00DD01066282)] interface IBuffers : IUnknown {
    HRESULT Write([in, size_is(n)] byte *p, [in] unsigned long n);
    HRESULT WriteCounted([in] unsigned long n, [in, size_is(n)] const byte *p);
    HRESULT Read([out, size_is(n), length_is(*m)] byte *p, [in] unsigned long n, [out] unsigned long *m);
    HRESULT Change([in, out, size_is(n)] byte *p, [in] unsigned long n);
    HRESULT Sum([in, size_is(n)] long *numbers, [in] long n, [out, retval] long *sum);
    HRESULT Squares([in] long n, [out, size_is(n)] hyper *squares);
    HRESULT Join([in, size_is(n), string] LPCWSTR *names, [in] long n, [out, retval] BSTR *joined);
    HRESULT Points([in, size_is(n)] Point *points, [in] long n, [out, retval] long *sum);
    HRESULT Shout([in, string] wchar_t *text, [out, retval] BSTR *loud);
    HRESULT Spell([in] long n, [out, string, size_is(n)] wchar_t *text);
    HRESULT Maybe([in, unique, size_is(n)] byte *p, [in] long n, [out, retval] BSTR *what);
    HRESULT Half([in, size_is(n / 2)] byte *p, [in] long n, [out, retval] long *given);
    HRESULT Get([in] REFIID iid, [out, iid_is(iid)] void **object);
    HRESULT Put([in] REFIID iid, [in, iid_is(iid)] IUnknown *object, [out, retval] BSTR *name);
  }
}
]]

buffers.named = "{6B29FC40-CA47-1067-B31D-00DD01066281}"

---The methods of IBuffers; what Write got is kept in `got`.
function buffers.server(library, got)
  return {
    Write = function(_, p, n) got[1], got[2] = p, n end,
    WriteCounted = function(_, n, p) got[1], got[2] = n, p end,
    Read = function(_, n)
      local text <const> = ("abcdefghij"):sub(1, n // 2)
      return text, #text
    end,
    Change = function(_, p) return p:upper() end,
    Sum = function(_, numbers, n)
      local sum = 0
      for i = 1, n do sum = sum + numbers[i] end
      return sum
    end,
    Squares = function(_, n)
      local list <const> = {}
      for i = 1, n do list[i] = i * i end
      return list
    end,
    Join = function(_, names) return table.concat(names, "+") end,
    Points = function(_, points)
      local sum = 0
      for _, point in ipairs(points) do sum = sum + point.x * point.y end
      return sum
    end,
    Shout = function(_, text) return text:upper() end,
    Spell = function() return "größer" end,
    Maybe = function(_, p, n) return tostring(p) .. n end,
    Half = function(_, p) return #p end,
    Get = function(_, iid)
      return iid == buffers.named and com.object({ Name = function() return "told" end }, "INamed", library) or nil
    end,
    Put = function(_, _, object) return object:Name() end,
  }
end

return buffers
