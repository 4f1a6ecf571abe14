---`oleander run FILE [ARGS]`: runs a Lua script with `require "oleander"` at hand.
---@type oleander.cli.Command
local run <const> = {
  summary = "Run a Lua script.",
  description = "Run a Lua script; what follows the file name is the script's own (its `arg`). "
    .. "With - the script is read from standard input.",
}

function run.configure(parser)
  parser:argument("script", "The script's file name, or - for standard input.")
  parser:argument("arguments", "Arguments of the script."):args "*"
end

function run.run(options)
  local name <const> = options.script
  local chunk <const>, problem <const> = loadfile(name ~= "-" and name or nil)
  if not chunk then
    options.unloaded = true -- nothing ran, so there is nothing to trace
    error(problem, 0)
  end
  _G.arg = table.move(options.rest, 1, #options.rest, 1, { [0] = name })
  require "oleander.core".catch_interrupts()
  chunk(table.unpack(_G.arg))
end

return run
