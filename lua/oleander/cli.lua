---The command-line program `oleander`: one subcommand, one module `oleander.cli.NAME`.
---
---A subcommand's module is a table with `summary`, `configure(parser)` and `run(options)`; run gives the exit code (nil
---is 0) and raises an error for what the user must know.
---@class oleander.cli
local cli <const> = {}

---Exit codes: 0 all is well, 1 it could not be done, 2 the command line is wrong.
cli.FAILURE = 1
cli.USAGE = 2

---In the order of the help text.
local commands <const> = { "run", "serve", "prompt", "call", "show", "register", "unregister", "list", "ps", "rot",
  "classes", "class", "storage", "tlb", "idl", "replay", "skeleton", "security", "service", "dcom", "trace", "doctor" }

---@class oleander.cli.Command
---@field summary string one line for the help text
---@field description? string
---@field configure fun(parser: table)
---@field run fun(options: table): integer?
---@field leaves? boolean nothing needs to be put in order behind it
---@field completes? table<string, string> what its arguments are, for completion: "class", "member", "library" ...

---The subcommand's module.
---@param name string
---@return oleander.cli.Command
local function command(name)
  return require("oleander.cli." .. name)
end

local function version()
  return "oleander " .. require "oleander.version"
end

---How wide help may be: what the shell says of the terminal, within reason.
local function terminal_width()
  return math.max(40, math.min(tonumber(os.getenv "COLUMNS") or 100, 100))
end

---With the command that is wanted; with all of them where it is none.
local function build_parser(wanted)
  local parser <const> = require "argparse"("oleander", "COM Automation for Lua on Linux.")
    :help_max_width(terminal_width())
    :usage_max_width(terminal_width())
    :epilog "Exit code: 0 done, 1 could not be done, 2 wrong command line."
    :add_help_command()
    :command_target "command"
  parser:flag("--version", "Print the version and exit."):action(function()
    print(version())
    os.exit(0, true)
  end)
  local names = commands
  for _, name in ipairs(commands) do
    if name == wanted then names = { name } end
  end
  for _, name in ipairs(names) do
    local module <const> = command(name)
    local sub <const> = parser:command(name):summary(module.summary):description(module.description or module.summary)
    module.configure(sub)
  end
  return parser
end

---`run SCRIPT ARGS...` hands everything behind the script to it untouched; argparse would take its options for ours.
---@param arguments string[]
---@return string[] own, string[] script_arguments
local function split(arguments)
  local own <const>, rest <const> = {}, {}
  local script
  for i = 1, #arguments do
    if script then
      rest[#rest + 1] = arguments[i]
    else
      own[#own + 1] = arguments[i]
      script = (own[1] == "run" or own[1] == "serve") and i > 1 and arguments[i]:sub(1, 1) ~= "-"
    end
  end
  return own, rest
end

---The options of `call` may stand anywhere before `--`, and a number is no option: the options first, then the rest.
---@param arguments string[]
---@return string[]
local function options_first(arguments)
  local options <const>, rest <const> = { "call" }, {}
  local ended = false
  for i = 2, #arguments do
    local text <const> = arguments[i]
    if not ended and text == "--" then
      ended = true
    elseif ended or not text:find "^%-[^%d.]" then
      rest[#rest + 1] = text
    else
      options[#options + 1] = text
    end
  end
  if #rest > 0 then options[#options + 1] = "--" end
  return table.move(rest, 1, #rest, #options + 1, options)
end

---What a person needs to know of an error: what went wrong, not where in our modules.
local function message(e)
  if type(e) ~= "table" and type(e) ~= "userdata" then return (tostring(e)) end
  local description, name <const> = e.description, e.name
  if not description then return tostring(e) end
  if e.argument then
    local place <const> = e.argument.name and (" (%s)"):format(e.argument.name) or ""
    description = ("argument %d%s: %s"):format(e.argument.index, place, description)
  end
  return name and ("%s (%s)"):format(description, name) or description
end

---Runs the program.
---@param arguments string[] the command line, without the program's name
---@return integer exit_code
---@return boolean? leaves the process may end without putting the state in order
function cli.main(arguments)
  if #arguments == 0 then return require "oleander.prompt.main".run() end
  if #arguments == 1 and arguments[1] == "--version" then
    print(version())
    return 0, true
  end
  if arguments[1] == "doctor" and not pcall(require, "argparse") then -- it says what is missing
    return command "doctor".run { json = arguments[2] == "--json" }
  end
  if arguments[1] == "--complete" then return require "oleander.cli.complete".run(arguments), true end
  if arguments[1]:find "%.lua$" then arguments = table.move(arguments, 1, #arguments, 2, { "run" }) end
  local own, rest <const> = split(arguments)
  if own[1] == "call" then own = options_first(own) end
  local parser <const> = build_parser(own[1])
  local parsed <const>, options = parser:pparse(own)
  if not parsed then
    io.stderr:write("oleander: ", tostring(options), "\n", parser:get_usage(), "\n")
    return own[1] == "tlb" and command "tlb".usage_of(own[2]) or own[1] == "replay" and command "replay".usage or
      cli.USAGE
  end
  options.rest = rest
  local done <const>, result <const> = xpcall(command(options.command).run, function(e)
    return type(e) == "string" and options.command == "run" and not options.unloaded and debug.traceback(e, 2) or e
  end, options)
  if not done then
    io.stderr:write("oleander: ", options.command == "run" and tostring(result) or message(result), "\n")
    return cli.FAILURE
  end
  return result or 0, command(options.command).leaves
end

cli.message = message
cli.commands = commands
cli.parser = build_parser
cli.command = command

return cli
