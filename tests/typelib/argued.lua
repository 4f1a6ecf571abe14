-- Libraries whose dump may differ from the golden one, and why the golden one is not right.
return {
  -- SLTG. Type 1 is a union with two members (the tail of its block says so); the golden reader reads none in unions.
  ["s3-sltg.tlb"] = true,
}
