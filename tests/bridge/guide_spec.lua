-- Every Lua snippet of the guide runs by itself, in the folder of boiler.tlb.
local source <const> = os.getenv "OLEANDER_SOURCE" or "."
local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"

for _, chapter in ipairs { "client", "server", "events", "threads", "errors" } do
  describe("docs/" .. chapter .. ".md", function()
    local file <close> = assert(io.open(("%s/docs/%s.md"):format(source, chapter)))
    local number = 0
    for snippet in file:read "a":gmatch "\n```lua\n(.-)\n```" do
      number = number + 1
      it("snippet " .. number, function()
        local path <const> = os.tmpname()
        local script <close> = assert(io.open(path, "w"))
        script:write(snippet)
        script:close()
        local command <const> = "cd '%s/examples/boiler' && ASAN_OPTIONS=detect_leaks=0 lua5.4 '%s' 2>&1"
        local process <const> = assert(io.popen(command:format(build, path)))
        local output <const> = process:read "a"
        local ok <const> = process:close()
        os.remove(path)
        assert.is_true(ok, output)
      end)
    end
    it("has snippets", function() assert.is_true(number > 0) end)
  end)
end
