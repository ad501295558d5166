-- What the user commands do: each asks the server of the current buffer to execute one command.
-- The server answers at once; the work shows as progress, and the changes arrive as edits.

local diagnostics = require('lsp_agent.diagnostics')
local hunks = require('lsp_agent.hunks')
local pages = require('lsp_agent.pages')

local M = {}

---@param message string
---@param level integer
local function notify(message, level)
  vim.notify('lsp-agent: ' .. message, level)
end

---@return vim.lsp.Client? client Absent when the server does not serve this buffer.
local function current_client()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'lsp_agent' })[1]
  if not client then
    notify(
      'the server is not running for this buffer, see :checkhealth lsp_agent',
      vim.log.levels.ERROR
    )
  end
  return client
end

---@param client vim.lsp.Client
---@param command string Without the prefix that all commands of the server have.
---@param arguments table[]
local function execute(client, command, arguments)
  client:exec_cmd(
    { title = command, command = 'lspAgent.' .. command, arguments = arguments },
    { bufnr = vim.api.nvim_get_current_buf() },
    function(err)
      if err then
        notify(err.message, vim.log.levels.ERROR)
      end
    end
  )
end

---@param command string
---@param arguments fun(): table[]
local function execute_here(command, arguments)
  local client = current_client()
  if client then
    execute(client, command, arguments())
  end
end

---@return string
local function current_uri()
  return vim.uri_from_bufnr(0)
end

---@param command string
local function execute_at_cursor(command)
  local client = current_client()
  if not client then
    return
  end
  local found = diagnostics.at_cursor(client)
  if #found == 0 then
    notify('no diagnostic under the cursor', vim.log.levels.WARN)
    return
  end
  local version = vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
  execute(client, command, { { uri = current_uri(), version = version, diagnostics = found } })
end

function M.fix()
  execute_at_cursor('fix')
end

function M.explain()
  execute_at_cursor('explain')
end

function M.fix_file()
  execute_here('fixAll', function()
    return { { uri = current_uri() } }
  end)
end

--- Asks a question about the current file.
---@param text string
---@param lines? [integer, integer] First and last line number the question is about, from 1.
function M.ask(text, lines)
  execute_here('ask', function()
    local range = lines
      and {
        start = { line = lines[1] - 1, character = 0 },
        ['end'] = { line = lines[2], character = 0 },
      }
    return { { uri = current_uri(), text = text, range = range } }
  end)
end

--- The document that a command is about; nothing where no file is shown, but a review.
---@return table
local function document()
  return pages.is_page(0) and vim.empty_dict() or { uri = current_uri() }
end

function M.undo()
  execute_here('undo', function()
    return { document() }
  end)
end

function M.undo_everywhere()
  execute_here('undo', function()
    return { vim.empty_dict() }
  end)
end

function M.redo()
  execute_here('redo', function()
    return { document() }
  end)
end

function M.redo_everywhere()
  execute_here('redo', function()
    return { vim.empty_dict() }
  end)
end

--- Shows what waits for review.
function M.review()
  execute_here('review', function()
    return { { uri = current_uri() } }
  end)
end

---@param find fun(client: vim.lsp.Client, command: string, on_part: fun(part?: lsp_agent.Part))
---@param command string
---@param on_part fun(client: vim.lsp.Client, part: lsp_agent.Part)
local function with_part(find, command, on_part)
  local client = current_client()
  if not client then
    return
  end
  find(client, 'lspAgent.' .. command, function(part)
    if part then
      on_part(client, part)
    else
      notify('nothing waits for review here', vim.log.levels.WARN)
    end
  end)
end

---@param command 'accept'|'reject'
---@param find fun(client: vim.lsp.Client, command: string, on_part: fun(part?: lsp_agent.Part))
local function decide(command, find)
  with_part(find, command, function(client, part)
    execute(client, command, { part })
  end)
end

function M.accept()
  decide('accept', hunks.at_cursor)
end

function M.accept_file()
  decide('accept', hunks.of_file)
end

function M.reject()
  decide('reject', hunks.at_cursor)
end

function M.reject_file()
  decide('reject', hunks.of_file)
end

--- Sends a comment on the hunk at the cursor, for which the agent makes a new proposal.
---@param text string
function M.comment(text)
  -- Whatever can be rejected can be commented on.
  with_part(hunks.at_cursor, 'reject', function(client, part)
    local comment = { uri = part.uri, hunk = part.hunk, text = text }
    execute(client, 'review', { { proposalId = part.proposalId, comments = { comment } } })
  end)
end

function M.cancel()
  execute_here('cancel', function()
    return {}
  end)
end

return M
