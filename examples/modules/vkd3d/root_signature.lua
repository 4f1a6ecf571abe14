--- Root signatures of Direct3D 12 to bytes and back, with libvkd3d-utils (Debian: libvkd3d-utils1).
---
---     lua5.4 root_signature.lua
local com <const> = require "oleander"

local root_signature <const> = {}

local here <const> = debug.getinfo(1, "S").source:match "^@(.*/)" or "./"
local loaded

function root_signature.module()
  loaded = loaded or com.module("libvkd3d-utils.so.1", here .. "d3d12.idl")
  return loaded
end

---The bytes of a root signature.
---@param desc table fields of D3D12_ROOT_SIGNATURE_DESC
---@return string
function root_signature.serialize(desc)
  local m <const> = root_signature.module()
  local blob <close>, problem <const> = m.D3D12SerializeRootSignature(desc, m.D3D_ROOT_SIGNATURE_VERSION_1_0)
  if problem then com.release(problem) end
  return com.bytes(blob:GetBufferPointer(), blob:GetBufferSize())
end

---What the bytes say.
---@param bytes string
---@return table
function root_signature.read(bytes)
  local reader <close> = root_signature.module().D3D12CreateRootSignatureDeserializer(bytes,
    "ID3D12RootSignatureDeserializer")
  return reader:GetRootSignatureDesc()
end

if arg and arg[0] and arg[0]:find "root_signature%.lua$" then
  local bytes <const> = root_signature.serialize {
    pParameters = {
      { ParameterType = 1, Value = { Constants = { ShaderRegister = 2, Num32BitValues = 4 } } },
      { Value = { DescriptorTable = { pDescriptorRanges = { { RangeType = 1, NumDescriptors = 8 } } } } },
    },
  }
  print(#bytes, bytes:sub(1, 4))
  for i, parameter in ipairs(root_signature.read(bytes).pParameters) do print(i, parameter.ParameterType) end
end

return root_signature
