-- Objects that a script makes and drops leave nothing behind, however many.
local source <const> = assert(os.getenv "OLEANDER_SOURCE")

describe("memory", function()
  for _, how in ipairs { "release", "collect" } do
    it("stays flat over 200,000 objects (" .. how .. ")", function()
      if os.getenv "OLEANDER_SANITIZED" == "1" or os.getenv "OLEANDER_VALGRIND" then
        pending "the resident set says nothing under a sanitizer or valgrind, which look for leaks themselves"
        return
      end
      local pipe <close> = assert(io.popen(("lua5.4 '%s/tests/bridge/memory_check.lua' %s"):format(source, how)))
      local first <const>, last <const> = pipe:read("n", "n")
      assert.is_true(last - first <= 1024, ("%d KiB, then %d KiB"):format(first, last))
    end)
  end

  it("stays bounded over arrays of a mebibyte that the collector sees as a few bytes", function()
    if os.getenv "OLEANDER_SANITIZED" == "1" or os.getenv "OLEANDER_VALGRIND" then
      pending "the resident set says nothing under a sanitizer or valgrind, which look for leaks themselves"
      return
    end
    local pipe <close> = assert(io.popen(("lua5.4 '%s/tests/bridge/array_memory_check.lua'"):format(source)))
    local kibibytes <const> = pipe:read "n"
    assert.is_true(kibibytes <= 64 << 10, ("%d KiB"):format(kibibytes))
  end)
end)
