-- The built-in library is what the IDL compiler makes of stdole2.idl.
local source <const> = assert(os.getenv "OLEANDER_SOURCE")

describe("the bytes of stdole", function()
  it("are what tools/make_stdole.lua makes", function()
    local done <const> = os.execute(("lua5.4 '%s/tools/make_stdole.lua' '%s' --check"):format(source, source))
    assert.is_true(done)
  end)
end)
