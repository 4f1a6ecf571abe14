---@meta
-- luacheck: ignore
-- The classes of values that are made in C (bridge/), described for docs/reference.md and docs/luacats/oleander.lua.

---An object: one reference to one interface. Its members are those of the object, found at run time: `o.Name` reads a
---property, `o.Name = v` writes it, `o:Name(...)` calls a method, `o(k)` and `o[i]` the default member, `#o` is
---`Count`. `pairs(o)` loops over a collection like com.each. `==` compares COM identity; `local o <close>` and
---com.release let it go.
---@class oleander.Object: userdata
---@field [any] any members by name; an integer: the default member with that argument
---@operator call(any): any
---@operator len: integer

---A property that needs arguments, without any yet: `o.Item`. `o.Item(k)` and `o.Item[k]` read it, `o.Item[k] = v`
---writes it; several arguments: `o.Cells(2, 3)`, `o.Cells[com.args{2, 3}] = v`.
---@class oleander.BoundMember: userdata
---@field [any] any
---@operator call(any): any

---An array (SAFEARRAY): keeps the type of its elements and its bounds. `#a` is the number of elements in all
---dimensions, `a[i]` reads and writes by position from 1, in the order of the last index first; `a[{i, j}]` by the
---bounds of COM. pairs loops over positions and elements.
---@class oleander.Array: userdata
---@field [integer|integer[]] any
---@operator len: integer
local Array <const> = {}

---The element at these indexes, counted by the array's own bounds: one for each dimension.
---@param ... integer
---@return any
function Array:at(...) end

---Sets the element at these indexes; the value comes last: a:set(i, j, value).
---@param ... any
function Array:set(...) end

---The bounds: lower and upper of the first dimension, of the second, and so on.
---@return integer ...
function Array:bounds() end

---The name of the elements' type: "i4", "bstr", "variant", "record" ...
---@return string
function Array:type() end

---The elements as a table; of several dimensions, a table of tables.
---@return table
function Array:totable() end

---What pairs(a) gives.
---@return fun(array: oleander.Array, position: integer): integer?, any
---@return oleander.Array
---@return integer
function Array:pairs() end

---A record (VT_RECORD): its fields by name, exactly or without case, to read and to write. Records and arrays inside
---of it are parts of it: what is changed in them is changed in it. pairs loops over the fields in their order; `==`
---is true for the same memory.
---@class oleander.Record: userdata
---@field [string] any

---A date and time without a time zone, from the year 100 to 9999. `date + days` and `date - days` are dates,
---`date - date` are days. Dates compare; tostring gives ISO 8601 text; com.to_time the seconds of os.time.
---@class oleander.Date: userdata
---@field year integer
---@field month integer
---@field day integer
---@field hour integer
---@field min integer
---@field sec integer
---@field ms integer milliseconds
---@field wday integer day of the week, 1 is Sunday, as in os.date
---@operator add(number): oleander.Date
---@operator sub(number): oleander.Date
---@operator sub(oleander.Date): number

---A moment as files have it: ticks of 100 ns since 1601-01-01, always UTC (com.vt.filetime). Compares by `<` and `==`.
---@class oleander.FileTime: userdata
---@field ticks integer
local FileTime <const> = {}

---In UTC, to the millisecond.
---@return oleander.Date
function FileTime:date() end

---Seconds since 1970, as os.time counts them; a float only where there is a fraction.
---@return number
function FileTime:time() end

---Memory of numbers, for foreign modules (com.buffer): `b[i]` reads and writes, `#b` is their number.
---@class oleander.Buffer: userdata
---@field [integer] number
---@operator len: integer
local Buffer <const> = {}

---Its bytes, or those from one position to another, as string.sub counts them.
---@param from integer?
---@param to integer?
---@return string
function Buffer:bytes(from, to) end

---Writes bytes from a position on.
---@param bytes string
---@param from integer? 1
---@return oleander.Buffer
function Buffer:write(bytes, from) end

---The numbers.
---@return number[]
function Buffer:totable() end

---The pointer to its first byte. The buffer has to live as long as it is used.
---@return userdata
function Buffer:pointer() end

---An amount of money: 64 bits, four decimals, exact. `+ - *` with integers, texts of numbers and other amounts give
---amounts; a quotient, and what has a decimal in it, is a decimal. Compares with numbers by `<`; com.eq for equality
---with them.
---@class oleander.Currency: userdata
---@operator add(number|oleander.Currency): oleander.Currency
---@operator sub(number|oleander.Currency): oleander.Currency
---@operator mul(number|oleander.Currency): oleander.Currency
---@operator div(number|oleander.Currency): oleander.Decimal
---@operator unm: oleander.Currency

---A decimal number: 96 bits with up to 28 decimals, exact.
---@class oleander.Decimal: userdata
---@operator add(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator sub(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator mul(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator div(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator unm: oleander.Decimal

---A value of one wire type: com.null, com.empty, com.missing, com.nothing; what com.vt makes; an error code that came
---as a value (VT_ERROR). Equal by type and value; tostring shows both.
---@class oleander.Value: userdata
---@field value any the value in Lua; after a call, what the server left in one that com.vt.byref made
---@field type string the name of its type: "I4", "ERROR" ...
