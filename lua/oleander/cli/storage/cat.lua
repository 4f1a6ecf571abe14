---`oleander storage cat FILE PATH`: the bytes of a stream.
local path <const> = require "oleander.cli.storage.path"

local PIECE <const> = 1 << 20

---@type oleander.cli.Command
local cat <const> = {
  summary = "Write the bytes of a stream to the standard output.",
}

function cat.configure(parser)
  parser:argument("file", "A compound file.")
  parser:argument("path", "A stream in it.")
end

function cat.run(options)
  local com <const> = require "oleander"
  local root <close> = com.storage(options.file)
  local parent <const>, name <const> = path.parent(root, options.path)
  local stream <close> = parent:stream(name, "r")
  for bytes in function() return stream:read(PIECE) end do
    local written <const>, problem <const> = io.stdout:write(bytes)
    if not written then error(problem, 0) end
  end
  io.stdout:flush()
end

return cat
