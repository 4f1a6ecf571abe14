---`oleander storage put FILE PATH [SOURCE]`: bytes into a stream.
local path <const> = require "oleander.cli.storage.path"

local PIECE <const> = 1 << 20

---@type oleander.cli.Command
local put <const> = {
  summary = "Write a stream from a file or from the standard input.",
  description = "Write a stream, replacing what it holds. The compound file, the storages on the way and the stream "
    .. "are made where they are not there. The file is changed at once at the end, or not at all.",
}

function put.configure(parser)
  parser:argument("file", "A compound file.")
  parser:argument("path", "A stream in it.")
  parser:argument("source", "A file; the standard input without one, or for -."):args "?"
end

local function open_source(name)
  if not name or name == "-" then return io.stdin end
  local source <const>, problem <const> = io.open(name, "rb")
  return source or error(problem, 0)
end

local function exists(name)
  local file <close> = io.open(name, "rb")
  return file ~= nil
end

function put.run(options)
  local com <const> = require "oleander"
  if #path.names(options.path) == 0 then error("a path to a stream is wanted", 0) end
  local source <const> = open_source(options.source) -- before anything is made
  local root <close> = com.storage(options.file, exists(options.file) and "rw" or "w")
  local parent <const>, name <const> = path.parent(root, options.path, true)
  local stream <const> = parent:stream(name)
  stream:resize(0)
  for bytes in function() return source:read(PIECE) end do stream:write(bytes) end
  stream:close()
  root:commit()
  if source ~= io.stdin then source:close() end
end

return put
