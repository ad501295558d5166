-- Set up lsp-agent from the user's configuration: require('lsp_agent').setup { ... }

local M = {}

---@class lsp_agent.Options
---@field cmd? string[] Program and arguments that start the server.
---@field filetypes? string[] Filetypes that the server is started for.
---@field init_options? table Settings sent to the server when it starts.
---@field keymaps? boolean Whether to map the keys of |lsp-agent-keymaps|; false if absent.

local KEYS = {
  { '<Leader>af', '<Cmd>LspAgentFix<CR>', 'Fix diagnostic with agent' },
  { '<Leader>aF', '<Cmd>LspAgentFixFile<CR>', 'Fix file with agent' },
  { '<Leader>ae', '<Cmd>LspAgentExplain<CR>', 'Explain diagnostic with agent' },
  { '<Leader>au', '<Cmd>LspAgentUndo<CR>', 'Undo change of agent' },
  { '<Leader>ac', '<Cmd>LspAgentCancel<CR>', 'Cancel agent' },
}

---@param options lsp_agent.Options
local function check(options)
  local known = { cmd = 'table', filetypes = 'table', init_options = 'table', keymaps = 'boolean' }
  for name, value in pairs(options) do
    assert(known[name], ('lsp_agent.setup: unknown option %q'):format(name))
    vim.validate(name, value, known[name])
  end
end

local function map_keys()
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup('lsp_agent_keymaps', { clear = true }),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if not client or client.name ~= 'lsp_agent' then
        return
      end
      for _, key in ipairs(KEYS) do
        vim.keymap.set('n', key[1], key[2], { buffer = event.buf, desc = key[3] })
      end
    end,
  })
end

--- What to do when the server's program is missing.
---@param program string
---@return string
function M.install_hint(program)
  return ('%q is not an executable program. Install it with `uv tool install lsp-agent` or '
    .. '`pipx install lsp-agent`, or name it in setup { cmd = ... }'):format(program)
end

--- Starts the server for all buffers of its filetypes, the open ones too.
---@param options? lsp_agent.Options
function M.setup(options)
  options = options or {}
  check(options)
  vim.lsp.config('lsp_agent', {
    cmd = options.cmd,
    filetypes = options.filetypes,
    init_options = options.init_options,
  })
  local cmd = vim.lsp.config.lsp_agent.cmd
  if type(cmd) == 'table' and vim.fn.executable(cmd[1]) == 0 then
    vim.notify('lsp-agent: ' .. M.install_hint(cmd[1]), vim.log.levels.ERROR)
    return
  end
  if options.keymaps then
    map_keys()
  end
  vim.lsp.enable('lsp_agent')
end

return M
