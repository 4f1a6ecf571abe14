local core <const> = require "oleander.core"
core.own_source(debug.getinfo(1, "S").source)
local bag <const> = { VERSION = "__persist_version" }
return bag
