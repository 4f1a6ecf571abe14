---`oleander prompt [FILE]`: the prompt.
local prompt <const> = {}

prompt.summary = "Enter Lua and see what comes of it."
prompt.description = [[
Enter Lua and see what comes of it: expressions print, ?x shows what a thing is, ??text searches type libraries, :help
tells the rest. In a pipe the lines are run one after the other; after an error the exit code is 1.]]

---@param parser table
function prompt.configure(parser)
  parser:argument("file", "A Lua file to run first."):args "?"
end

---@param options table
---@return integer exit_code
function prompt.run(options)
  return require "oleander.prompt.main".run(options.file)
end

return prompt
