-- Diagnostics of the buffer as the Language Server Protocol writes them.

local M = {}

---@param line string
---@param byte integer Offset of a byte in the line; past the end counts as the end.
---@param encoding lsp.PositionEncodingKind
---@return integer
local function to_character(line, byte, encoding)
  return vim.str_utfindex(line, encoding, math.min(byte, #line), false)
end

--- Diagnostics of other servers count columns in their own encoding, and linters in bytes, so the
--- range is always computed again for the client that shall receive it.
---@param diagnostic vim.Diagnostic
---@param encoding lsp.PositionEncodingKind
---@return lsp.Diagnostic
local function to_lsp(diagnostic, encoding)
  local function position(lnum, col)
    local line = vim.api.nvim_buf_get_lines(diagnostic.bufnr, lnum, lnum + 1, false)[1] or ''
    return { line = lnum, character = to_character(line, col, encoding) }
  end
  local original = vim.tbl_get(diagnostic, 'user_data', 'lsp') or {}
  return {
    range = {
      start = position(diagnostic.lnum, diagnostic.col),
      ['end'] = position(
        diagnostic.end_lnum or diagnostic.lnum,
        diagnostic.end_col or diagnostic.col
      ),
    },
    severity = diagnostic.severity,
    code = diagnostic.code,
    source = diagnostic.source,
    message = diagnostic.message,
    codeDescription = original.codeDescription,
    tags = original.tags,
    relatedInformation = original.relatedInformation,
    data = original.data,
  }
end

---@param diagnostic vim.Diagnostic
---@param lnum integer
---@param col integer
---@return boolean
local function covers(diagnostic, lnum, col)
  local end_lnum = diagnostic.end_lnum or diagnostic.lnum
  local end_col = diagnostic.end_col or diagnostic.col
  local starts = diagnostic.lnum < lnum or diagnostic.lnum == lnum and diagnostic.col <= col
  local ends = end_lnum > lnum or end_lnum == lnum and end_col > col
  return starts and ends
end

--- The diagnostics under the cursor, from any source; when there are none, those of its line.
---@param client vim.lsp.Client The client whose server shall receive them.
---@return lsp.Diagnostic[]
function M.at_cursor(client)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lnum = row - 1
  local in_buffer = vim.diagnostic.get(0)
  local found = vim.tbl_filter(function(diagnostic)
    return covers(diagnostic, lnum, col)
  end, in_buffer)
  if #found == 0 then
    found = vim.tbl_filter(function(diagnostic)
      return diagnostic.lnum == lnum
    end, in_buffer)
  end
  return vim.tbl_map(function(diagnostic)
    return to_lsp(diagnostic, client.offset_encoding)
  end, found)
end

return M
