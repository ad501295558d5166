-- The hunks at the cursor that wait for review, found by the server's code actions: so they are
-- the same in the file, in the document of a review, and after the text has moved.

local M = {}

---@class lsp_agent.Part
---@field proposalId? string
---@field uri? string
---@field hunk? string Absent for all that is in the document.

---@class lsp_agent.Choice
---@field title string
---@field part lsp_agent.Part

---@param action lsp.Command|lsp.CodeAction
---@return lsp.Command?
local function command_of(action)
  return type(action.command) == 'table' and action.command --[[@as lsp.Command]]
    or action --[[@as lsp.Command]]
end

---@param found (lsp.Command|lsp.CodeAction)[]
---@param command string
---@param wanted fun(part: lsp_agent.Part): boolean
---@return lsp_agent.Choice[]
local function choices(found, command, wanted)
  local chosen = {}
  for _, action in ipairs(found) do
    local offered = command_of(action)
    local part = (offered.arguments or {})[1] or {}
    if offered.command == command and wanted(part) then
      table.insert(chosen, { title = action.title, part = part })
    end
  end
  return chosen
end

---@param client vim.lsp.Client
---@param command string With its prefix.
---@param wanted fun(part: lsp_agent.Part): boolean
---@param on_part fun(part?: lsp_agent.Part) Gets nothing when there is none at the cursor.
local function pick(client, command, wanted, on_part)
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.context = { diagnostics = {}, triggerKind = 1 }
  client:request('textDocument/codeAction', params, function(err, found)
    if err then
      vim.notify('lsp-agent: ' .. err.message, vim.log.levels.ERROR)
      return
    end
    local offered = choices(found or {}, command, wanted)
    if #offered <= 1 then
      on_part(offered[1] and offered[1].part)
      return
    end
    local options = {
      prompt = 'Which one?',
      format_item = function(choice)
        return choice.title
      end,
    }
    vim.ui.select(offered, options, function(choice)
      if choice then
        on_part(choice.part)
      end
    end)
  end, 0)
end

--- The hunk at the cursor; where proposals overlap, the user chooses.
---@param client vim.lsp.Client
---@param command string The command that is to be possible on it, with its prefix.
---@param on_part fun(part?: lsp_agent.Part)
function M.at_cursor(client, command, on_part)
  pick(client, command, function(part)
    return part.hunk ~= nil
  end, on_part)
end

--- All hunks of the file, in the document of a review of the file at the cursor.
---@param client vim.lsp.Client
---@param command string
---@param on_part fun(part?: lsp_agent.Part)
function M.of_file(client, command, on_part)
  pick(client, command, function(part)
    return part.hunk == nil and part.uri ~= nil
  end, on_part)
end

return M
