describe("a program that embeds Lua", function()
  it("pushes objects, takes them, and lets other threads call", function()
    local process <const> = assert(io.popen(("LD_LIBRARY_PATH='%s/lib' '%s/tests/bridge/embed/embed' 2>&1"):format(
      os.getenv "OLEANDER_STAGE", os.getenv "OLEANDER_BUILD")))
    local output <const> = process:read "a"
    assert.is_true(process:close(), output)
    assert.is_nil(output:find("BAD", 1, true), output)
    assert.equal(16, select(2, output:gsub(": good\n", "")), output)
  end)
end)
