---`oleander tlb COMMAND`: what is in type libraries. Each command is a module `oleander.cli.tlb.NAME`.

---@type oleander.cli.Command
local tlb <const> = {
  summary = "Look into type libraries.",
  description = "Look into type libraries: raw files (.tlb, .olb) and the ones inside .dll, .ocx, .exe and .so modules "
    .. "(FILE\\N chooses one of several).",
}

---In the order of the help text.
local commands <const> = { "show", "list", "find", "diff", "stubs", "idl", "header", "html" }

function tlb.configure(parser)
  parser:command_target "tlb_command"
  parser:require_command(true)
  for _, name in ipairs(commands) do
    local module <const> = require("oleander.cli.tlb." .. name)
    module.configure(parser:command(name):summary(module.summary):description(module.description or module.summary))
  end
end

---The exit code for a wrong command line of this command, where it is another one than usual.
---@param name? string
---@return integer?
function tlb.usage_of(name)
  for _, known in ipairs(commands) do
    if known == name then return require("oleander.cli.tlb." .. name).usage end
  end
end

function tlb.run(options)
  return require("oleander.cli.tlb." .. options.tlb_command).run(options)
end

return tlb
