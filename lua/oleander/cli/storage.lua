---`oleander storage COMMAND`: what is in compound files. Each command is a module `oleander.cli.storage.NAME`.

---@type oleander.cli.Command
local storage <const> = {
  summary = "Look into compound files (.doc, .xls, .msi, .msg ...), and change their streams.",
  description = "Look into compound files: Office documents of the old kinds, packages of installers, mails, and all "
    .. "that programs keep in structured storage. In a PATH a slash separates; what cannot be printed, or would be "
    .. "mistaken, stands as its number in brackets: [5]SummaryInformation.",
}

---In the order of the help text.
local commands <const> = { "list", "tree", "cat", "put", "properties", "map" }

function storage.configure(parser)
  parser:command_target "storage_command"
  parser:require_command(true)
  for _, name in ipairs(commands) do
    local module <const> = require("oleander.cli.storage." .. name)
    module.configure(parser:command(name):summary(module.summary):description(module.description or module.summary))
  end
end

function storage.run(options)
  return require("oleander.cli.storage." .. options.storage_command).run(options)
end

return storage
