--- Plug-ins of VST3 (Debian: zam-plugins): their classes and parameters, and audio through them into a WAV file.
---
---     lua5.4 vst3.lua /usr/lib/vst3/ZaMaximX2.vst3 out.wav
local com <const> = require "oleander"

local vst3 <const> = {}

local here <const> = debug.getinfo(1, "S").source:match "^@(.*/)" or "./"
local AUDIO <const>, INPUT <const>, OUTPUT <const> = 0, 0, 1

local library

--- The shared object in a bundle.
local function object_of(path)
  local name <const> = path:match "([^/]+)%.vst3/*$"
  return name and ("%s/Contents/x86_64-linux/%s.so"):format(path:gsub("/*$", ""), name) or path
end

---Opens the module of plug-ins; its factory.
---@param path string of the bundle
---@return table plugins
function vst3.open(path)
  library = library or com.compile_idl { file = here .. "vst3.idl" }
  local m <const> = com.module(object_of(path), library)
  if m.ModuleEntry(m) == 0 then error(path .. " does not start", 2) end
  return { module = m, factory = m.GetPluginFactory() }
end

---The classes of the module.
---@return {name: string, category: string, cid: string}[]
function vst3.classes(plugins)
  local list <const> = {}
  for i = 1, plugins.factory:countClasses() do list[i] = plugins.factory:getClassInfo(i - 1) end
  return list
end

---A component with its processor and, where it has one, its controller.
---@param class table? one of the classes; the first that processes audio
function vst3.create(plugins, class)
  for _, one in ipairs(vst3.classes(plugins)) do
    if not class and one.category == "Audio Module Class" then class = one end
  end
  if not class then error("the module has no class that processes audio", 2) end
  local component <const> = plugins.factory:createInstance(class.cid, "IComponent")
  component:initialize(nil)
  local made <const> = { module = plugins.module, component = component,
    processor = com.query(component, "IAudioProcessor") }
  local whole <const>, controller = pcall(com.query, component, "IEditController")
  if not whole then
    controller = plugins.factory:createInstance(component:getControllerClassId(), "IEditController")
    controller:initialize(nil)
  end
  made.controller = controller
  return made
end

---Lets go of the plug-in, in the order that it wants.
function vst3.close(plugin)
  com.release(plugin.processor)
  if plugin.controller then
    plugin.controller:terminate()
    com.release(plugin.controller)
  end
  plugin.component:terminate()
  com.release(plugin.component)
end

---The parameters: id, title, units, default and what it is now.
function vst3.parameters(plugin)
  local list <const> = {}
  for i = 1, plugin.controller:getParameterCount() do
    local info <const> = plugin.controller:getParameterInfo(i - 1)
    info.value = plugin.controller:getParamNormalized(info.id)
    list[i] = info
  end
  return list
end

--- The changes of parameters as a plug-in asks for them during a block; kept as long as the block.
local function changes_of(plugin, values)
  local queues <const> = {}
  local function add(id, value)
    queues[#queues + 1] = com.object({
      getParameterId = function() return id end,
      getPointCount = function() return value and 1 or 0 end,
      getPoint = function() return 0, value end,
      addPoint = function() return 0 end,
    }, "IParamValueQueue", plugin.module)
    return queues[#queues]
  end
  for id, value in pairs(values or {}) do add(id, value) end
  return com.object({
    getParameterCount = function() return #queues end,
    getParameterData = function(_, index) return queues[index + 1] end,
    addParameterData = function(_, id) return add(id), #queues - 1 end,
  }, "IParameterChanges", plugin.module), queues
end

local function channels_of(plugin, direction)
  local list <const> = {}
  for i = 1, plugin.component:getBusCount(AUDIO, direction) do
    list[i] = plugin.component:getBusInfo(AUDIO, direction, i - 1).channelCount
  end
  return list
end

local function buses_of(channels, size)
  local buses <const> = {}
  for i, count in ipairs(channels) do
    local buffers <const> = {}
    for k = 1, count do buffers[k] = com.buffer("r4", size) end
    buses[i] = { numChannels = count, channelBuffers32 = buffers }
  end
  return buses
end

---Puts samples through the plug-in.
---@param plugin table
---@param sample fun(n: integer, channel: integer): number of the input
---@param frames integer
---@param options? {rate: number, block: integer, parameters: table<integer, number>}
---@return number[][] channels of the output
function vst3.process(plugin, sample, frames, options)
  options = options or {}
  local rate <const>, block <const> = options.rate or 48000.0, options.block or 512
  local inputs <const> = buses_of(channels_of(plugin, INPUT), block)
  local outputs <const> = buses_of(channels_of(plugin, OUTPUT), block)
  for i = 1, #inputs do plugin.component:activateBus(AUDIO, INPUT, i - 1, 1) end
  for i = 1, #outputs do plugin.component:activateBus(AUDIO, OUTPUT, i - 1, 1) end
  plugin.processor:setupProcessing { maxSamplesPerBlock = block, sampleRate = rate }
  plugin.component:setActive(1)
  plugin.processor:setProcessing(1)
  local result <const> = {}
  for channel = 1, #(outputs[1] and outputs[1].channelBuffers32 or {}) do result[channel] = {} end
  for first = 0, frames - 1, block do
    local size <const> = math.min(block, frames - first)
    for _, bus in ipairs(inputs) do
      for channel, buffer in ipairs(bus.channelBuffers32) do
        for i = 1, size do buffer[i] = sample(first + i - 1, channel) end
      end
    end
    local changes <const>, queues <const> = changes_of(plugin, first == 0 and options.parameters or nil)
    local told <const>, told_queues <const> = changes_of(plugin, plugin.outputs)
    plugin.processor:process { numSamples = size, inputs = inputs, outputs = outputs, inputParameterChanges = changes,
      outputParameterChanges = told }
    for _, list in ipairs { queues, told_queues } do
      for _, queue in ipairs(list) do com.release(queue) end
    end
    for channel, samples in ipairs(result) do
      local buffer <const> = outputs[1].channelBuffers32[channel]
      for i = 1, size do samples[first + i] = buffer[i] end
    end
  end
  plugin.processor:setProcessing(0)
  plugin.component:setActive(0)
  return result
end

---Writes samples as a WAV file of 32-bit floats.
---@param path string
---@param channels number[][]
---@param rate integer?
function vst3.write_wav(path, channels, rate)
  rate = rate or 48000
  local parts <const> = {}
  for i = 1, #channels[1] do
    for _, samples in ipairs(channels) do parts[#parts + 1] = ("<f"):pack(samples[i]) end
  end
  local data <const> = table.concat(parts)
  local file <close> = assert(io.open(path, "wb"))
  file:write("RIFF", ("<I4"):pack(36 + #data), "WAVEfmt ", ("<I4I2I2I4I4I2I2"):pack(16, 3, #channels, rate,
    rate * #channels * 4, #channels * 4, 32), "data", ("<I4"):pack(#data), data)
end

if arg and arg[0] and arg[0]:find "vst3%.lua$" and arg[1] then
  local plugins <const> = vst3.open(arg[1])
  for _, class in ipairs(vst3.classes(plugins)) do print(class.category, class.name) end
  local plugin <const> = vst3.create(plugins)
  for _, parameter in ipairs(vst3.parameters(plugin)) do
    print(parameter.id, parameter.title, parameter.units, parameter.value)
  end
  if arg[2] then
    local function tone(n) return 0.5 * math.sin(n * 2 * math.pi * 440 / 48000) end
    vst3.write_wav(arg[2], vst3.process(plugin, tone, 48000))
  end
  vst3.close(plugin)
end

return vst3
