-- The examples for VST3 plug-ins and vkd3d, against Debian's packages.
local com <const> = require "oleander"

local source <const> = os.getenv "OLEANDER_SOURCE" or "."
package.path = ("%s/examples/modules/vkd3d/?.lua;%s/examples/modules/vst3/?.lua;%s"):format(source, source,
  package.path)

local PLUGIN <const> = "/usr/lib/vst3/ZaMaximX2.vst3"

local function exists(path)
  local file <close> = io.open(path)
  return file ~= nil
end

describe("vkd3d", function()
  local root_signature <const> = require "root_signature"
  local there <const> = pcall(root_signature.module)
  if not there then
    print "# skipped: libvkd3d-utils1 is not installed"
    pending "libvkd3d-utils1 is not installed"
    return
  end

  it("serializes root signatures, and reads them back", function()
    local bytes <const> = root_signature.serialize {
      pParameters = {
        { ParameterType = 1, Value = { Constants = { ShaderRegister = 2, Num32BitValues = 4 } } },
        { Value = { DescriptorTable = { pDescriptorRanges = { { RangeType = 1, NumDescriptors = 8 },
          { RangeType = 0, NumDescriptors = 3, BaseShaderRegister = 5 } } } } },
        { ParameterType = 3, Value = { Descriptor = { ShaderRegister = 7 } } },
      },
      pStaticSamplers = { { Filter = 21, MaxLOD = 8.5, ShaderRegister = 1 } },
    }
    assert.equal("DXBC", bytes:sub(1, 4))
    assert.equal(#bytes, (("<I4"):unpack(bytes, 25)))
    local back <const> = root_signature.read(bytes)
    assert.equal(3, back.NumParameters)
    assert.equal(4, back.pParameters[1].Value.Constants.Num32BitValues)
    assert.equal(5, back.pParameters[2].Value.DescriptorTable.pDescriptorRanges[2].BaseShaderRegister)
    assert.equal(7, back.pParameters[3].Value.Descriptor.ShaderRegister)
    assert.equal(8.5, back.pStaticSamplers[1].MaxLOD)
  end)

  it("says what does not fit", function()
    local _ <const>, err <const> = com.try(root_signature.serialize, { pParameters = {
      { ParameterType = 1, Value = { Descriptor = {} } } } })
    assert.matches("does not fit", err.description)
  end)
end)

describe("VST3", function()
  local vst3 <const> = require "vst3"
  if not exists(PLUGIN .. "/Contents/x86_64-linux/ZaMaximX2.so") then
    print "# skipped: zam-plugins is not installed"
    pending "zam-plugins is not installed"
    return
  end

  it("lists classes and parameters, and processes audio", function()
    local plugins <const> = vst3.open(PLUGIN)
    local names <const> = {}
    for _, class in ipairs(vst3.classes(plugins)) do names[class.category] = class.name end
    assert.equal("ZaMaximX2", names["Audio Module Class"])
    local plugin <const> = vst3.create(plugins)
    local found = {}
    for _, parameter in ipairs(vst3.parameters(plugin)) do found[parameter.title] = parameter end
    local threshold <const> = assert(found.Threshold)
    plugin.controller:setParamNormalized(threshold.id, 0.25)
    assert.equal(0.25, plugin.controller:getParamNormalized(threshold.id))
    local function tone(n) return 0.5 * math.sin(n * 2 * math.pi * 440 / 48000) end
    local channels <const> = vst3.process(plugin, tone, 4096, { parameters = { [threshold.id] = 0.5 } })
    assert.equal(4096, #channels[1])
    local loudest = 0
    for _, sample in ipairs(channels[1]) do loudest = math.max(loudest, math.abs(sample)) end
    assert.is_true(loudest > 0.01 and loudest <= 1.5, tostring(loudest))
    local path <const> = os.tmpname()
    vst3.write_wav(path, channels)
    local file <close> = assert(io.open(path, "rb"))
    assert.equal("RIFF", file:read(4))
    assert.equal(44 + 4096 * #channels * 4, file:seek "end")
    os.remove(path)
    vst3.close(plugin)
  end)
end)
