---`oleander doctor`: is this installation well?

---@type oleander.cli.Command
local doctor <const> = {
  summary = "Look whether the installation is well, and say what to do.",
  description = "Look at the installation: Lua and its modules, the library, what is registered, the permissions of "
    .. "the registry and of the folder of the sockets, the COM service, the locale. The exit code is 1 when there is a "
    .. "finding; a note is none.",
}

function doctor.configure(parser)
  parser:flag("--json", "Print a JSON object: version, findings (a number), checks.")
end

local words <const> = { good = "good", note = "note", finding = "FINDING" }

---A text as JSON. The module for JSON may be what is missing.
local function quote(text)
  local clean <const> = utf8.len(text) and text or text:gsub("[\128-\255]", "?")
  return '"' .. clean:gsub('[%c"\\\127]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

local function print_json(checks, findings)
  local lines <const> = {}
  for i, check in ipairs(checks) do
    lines[i] = ('    {"check": %s, "state": %s, "text": %s%s}'):format(quote(check.check), quote(check.state),
      quote(check.text), check.advice and ', "advice": ' .. quote(check.advice) or "")
  end
  print(('{\n  "version": %s,\n  "findings": %d,\n  "checks": [\n%s\n  ]\n}'):format(
    quote(require "oleander.version"), findings, table.concat(lines, ",\n")))
end

function doctor.run(options)
  local checks <const>, findings <const> = require "oleander.doctor".examine()
  if options.json then
    print_json(checks, findings)
    return findings > 0 and 1 or 0
  end
  for _, check in ipairs(checks) do
    print(("%-8s %-9s %s"):format(words[check.state], check.check, check.text))
    if check.advice then print((" "):rep(19) .. check.advice) end
  end
  print(findings == 0 and "All is well." or findings == 1 and "1 finding." or findings .. " findings.")
  return findings > 0 and 1 or 0
end

return doctor
