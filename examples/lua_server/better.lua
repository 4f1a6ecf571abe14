-- Methods that client.c loads into the running class.
return {
  Add = function(self, a, b)
    self._count = (self._count or 0) + 100
    return (a + b) * 1000
  end,
}
