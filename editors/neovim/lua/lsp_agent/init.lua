-- Set up lsp-agent from the user's configuration: require('lsp_agent').setup { ... }

local M = {}

---@class lsp_agent.Options
---@field cmd? string[] Program and arguments that start the server.
---@field filetypes? string[] Filetypes that the server is started for.
---@field init_options? table Settings sent to the server when it starts.
---@field keymaps? boolean Whether to map the keys of |lsp-agent-keymaps|; false if absent.
---@field code_lenses? boolean Whether to show a line above each hunk to decide on; false if absent.

local KEYS = {
  { '<Leader>af', '<Cmd>LspAgentFix<CR>', 'Fix diagnostic with agent' },
  { '<Leader>aF', '<Cmd>LspAgentFixFile<CR>', 'Fix file with agent' },
  { '<Leader>ae', '<Cmd>LspAgentExplain<CR>', 'Explain diagnostic with agent' },
  { '<Leader>ar', '<Cmd>LspAgentReview<CR>', 'Review what the agent proposes' },
  { '<Leader>aa', '<Cmd>LspAgentAccept<CR>', 'Accept hunk of agent' },
  { '<Leader>ax', '<Cmd>LspAgentReject<CR>', 'Reject hunk of agent' },
  { '<Leader>au', '<Cmd>LspAgentUndo<CR>', 'Undo change of agent' },
  { '<Leader>aU', '<Cmd>LspAgentRedo<CR>', 'Redo change of agent' },
  { '<Leader>ac', '<Cmd>LspAgentCancel<CR>', 'Cancel agent' },
}

---@param options lsp_agent.Options
local function check(options)
  local known = {
    cmd = 'table',
    filetypes = 'table',
    init_options = 'table',
    keymaps = 'boolean',
    code_lenses = 'boolean',
  }
  for name, value in pairs(options) do
    assert(known[name], ('lsp_agent.setup: unknown option %q'):format(name))
    vim.validate(name, value, known[name])
  end
end

--- Does something for each buffer that the server serves.
---@param group string
---@param on_attach fun(bufnr: integer)
local function when_attached(group, on_attach)
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup(group, { clear = true }),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'lsp_agent' then
        on_attach(event.buf)
      end
    end,
  })
end

local function map_keys()
  when_attached('lsp_agent_keymaps', function(bufnr)
    for _, key in ipairs(KEYS) do
      vim.keymap.set('n', key[1], key[2], { buffer = bufnr, desc = key[3] })
    end
  end)
end

local function show_code_lenses()
  when_attached('lsp_agent_code_lenses', function(bufnr)
    if vim.lsp.codelens.enable then
      vim.lsp.codelens.enable(true, { bufnr = bufnr })
      return
    end
    -- Neovim 0.11 asks the server only when it is told to.
    vim.lsp.codelens.refresh({ bufnr = bufnr })
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave' }, {
      group = vim.api.nvim_create_augroup('lsp_agent_code_lenses_' .. bufnr, { clear = true }),
      buffer = bufnr,
      callback = function()
        vim.lsp.codelens.refresh({ bufnr = bufnr })
      end,
    })
  end)
end

--- The documents of a review are differences; without them nothing could be done inside.
---@param filetypes? string[]
---@return string[]?
local function with_diff(filetypes)
  if not filetypes or vim.list_contains(filetypes, 'diff') then
    return filetypes
  end
  return vim.list_extend({ 'diff' }, filetypes)
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
    filetypes = with_diff(options.filetypes),
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
  if options.code_lenses then
    show_code_lenses()
  end
  vim.lsp.enable('lsp_agent')
end

return M
