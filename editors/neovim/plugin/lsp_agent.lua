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

create('LspAgentUndo', function(command)
  if command.bang then
    require('lsp_agent.commands').undo_everywhere()
  else
    require('lsp_agent.commands').undo()
  end
end, { desc = 'Undo the last change of lsp-agent in this file (!: in any file)', bang = true })

create('LspAgentCancel', function()
  require('lsp_agent.commands').cancel()
end, { desc = 'Cancel what lsp-agent is doing' })
