---What the program needs of a terminal: is there one, colours, a pager, a progress line.
local terminal <const> = {}

---@param descriptor integer 1 for standard output, 2 for standard error
---@return boolean
function terminal.is_terminal(descriptor)
  return (os.execute("test -t " .. descriptor)) == true
end

---Columns of the terminal on standard output; nil where there is none.
---@return integer?
function terminal.width()
  if not terminal.is_terminal(1) then return nil end
  local given <const> = tonumber(os.getenv "COLUMNS")
  if given and given > 0 then return math.tointeger(given) end
  local pipe <close> = io.popen "stty size 2>/dev/null </dev/tty"
  return pipe and tonumber((pipe:read "a"):match "^%d+ (%d+)") or nil
end

local codes <const> = { kind = "35", name = "1", type = "36", dim = "2", guid = "33", value = "32", warn = "31" }

---A function that colours a text by its role, or leaves it alone.
---@param when "auto"|"always"|"never"
---@return fun(role: string, text: string): string
function terminal.painter(when)
  local on <const> = when == "always"
    or when == "auto" and (os.getenv "NO_COLOR" or "") == "" and os.getenv "TERM" ~= "dumb" and terminal.is_terminal(1)
  return function(role, text)
    if not on or text == "" then return text end
    return ("\27[%sm%s\27[0m"):format(codes[role] or "0", text)
  end
end

---Shows text through the user's pager when standard output is a terminal.
---@param use_pager boolean
---@param body fun(write: fun(line: string))
function terminal.paged(use_pager, body)
  local pager
  if use_pager and terminal.is_terminal(1) then
    local program <const> = os.getenv "PAGER" or "less"
    if program ~= "" and program ~= "cat" then
      pager = io.popen((os.getenv "LESS" and "" or "LESS=FRX ") .. program, "w")
    end
  end
  local out <const> = pager or io.stdout
  body(function(line) out:write(line, "\n") end)
  if pager then pager:close() end
end

---A progress line on standard error, only on a terminal.
---@return fun(text?: string) show without a text the line is taken away
function terminal.progress()
  if not terminal.is_terminal(2) then return function() end end
  return function(text)
    io.stderr:write("\r\27[K", text and text:sub(1, 100) or "")
  end
end

return terminal
