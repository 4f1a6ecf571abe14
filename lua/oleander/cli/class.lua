---`oleander class show NAME`: all that is known of one class.
local show <const> = require "oleander.cli.show"

---@type oleander.cli.Command
local class <const> = {
  summary = "Show all that is known of one class.",
  completes = { class = "class" },
}

function class.configure(parser)
  parser:command_target "class_command"
  parser:require_command(true)
  show.configure(parser:command("show"):summary(show.summary):description(show.description))
end

function class.run(options)
  return show.run(options)
end

return class
