-- Defines the user commands. Nothing else is loaded until one of them is used.
if vim.g.loaded_lsp_agent then
  return
end
vim.g.loaded_lsp_agent = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify_once('lsp-agent needs Neovim 0.11 or newer', vim.log.levels.ERROR)
  return
end

local create = vim.api.nvim_create_user_command

create('LspAgentFix', function()
  require('lsp_agent.commands').fix()
end, { desc = 'Fix the diagnostic under the cursor with lsp-agent' })

create('LspAgentFixFile', function()
  require('lsp_agent.commands').fix_file()
end, { desc = 'Fix all diagnostics of this file with lsp-agent' })

create('LspAgentExplain', function()
  require('lsp_agent.commands').explain()
end, { desc = 'Explain the diagnostic under the cursor with lsp-agent' })

create('LspAgentAsk', function(command)
  local lines = command.range > 0 and { command.line1, command.line2 } or nil
  require('lsp_agent.commands').ask(command.args, lines)
end, { desc = 'Ask lsp-agent about this file or these lines', nargs = '+', range = true })

--- A command that means more with `!`.
---@param name string
---@param plain string Function of lsp_agent.commands.
---@param with_bang string
---@param desc string
local function create_with_bang(name, plain, with_bang, desc)
  create(name, function(command)
    require('lsp_agent.commands')[command.bang and with_bang or plain]()
  end, { desc = desc, bang = true })
end

create('LspAgentReview', function()
  require('lsp_agent.commands').review()
end, { desc = 'Show what lsp-agent proposes' })

create_with_bang(
  'LspAgentAccept',
  'accept',
  'accept_file',
  'Accept the hunk of lsp-agent under the cursor (!: all in this file)'
)

create_with_bang(
  'LspAgentReject',
  'reject',
  'reject_file',
  'Reject the hunk of lsp-agent under the cursor (!: all in this file)'
)

create('LspAgentComment', function(command)
  require('lsp_agent.commands').comment(command.args)
end, { desc = 'Ask lsp-agent to change the hunk under the cursor', nargs = '+' })

create_with_bang(
  'LspAgentUndo',
  'undo',
  'undo_everywhere',
  'Undo the last change of lsp-agent in this file (!: in any file)'
)

create_with_bang(
  'LspAgentRedo',
  'redo',
  'redo_everywhere',
  'Redo what was undone last in this file (!: in any file)'
)

create('LspAgentCancel', function()
  require('lsp_agent.commands').cancel()
end, { desc = 'Cancel what lsp-agent is doing' })
