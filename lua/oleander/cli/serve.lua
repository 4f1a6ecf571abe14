---`oleander serve FILE`: the classes of a Lua file for all processes; what LocalServer32 starts.
---@type oleander.cli.Command
local serve <const> = {
  summary = "Serve the classes of a Lua file to all processes.",
  description = "Run a Lua file that ends in com.main so that every process of the user can make objects of its "
    .. "classes. One line is printed when it is ready; it goes on until it is interrupted. With -Embedding, as the COM "
    .. "service starts it, it ends when nobody needs it any more.",
}

function serve.configure(parser)
  parser:argument("script", "The Lua file.")
  parser:argument("arguments", "-Embedding."):args "*"
end

function serve.run(options)
  local chunk <const>, problem <const> = loadfile(options.script)
  if not chunk then error(problem, 0) end
  local words <const> = options.rest or {}
  _G.arg = table.move(words, 1, #words, 1, { [0] = options.script })
  local server <const> = require "oleander.serve"
  server.everybody = true
  chunk(table.unpack(_G.arg))
  if not server.has_served then error(options.script .. ": the file serves nothing: end it in com.main{...}", 0) end
end

return serve
