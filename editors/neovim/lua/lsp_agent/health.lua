-- :checkhealth lsp_agent

local health = vim.health

local M = {}

---@return vim.lsp.Config? config Absent when the plugin is not on the 'runtimepath'.
local function check_config()
  local config = vim.lsp.config.lsp_agent
  if not config or not config.cmd then
    health.error("there is no configuration 'lsp_agent'", {
      "Put the plugin's folder on the 'runtimepath'",
    })
    return nil
  end
  return config
end

---@param cmd string[]
local function check_program(cmd)
  if vim.fn.executable(cmd[1]) == 0 then
    health.error(require('lsp_agent').install_hint(cmd[1]))
    return
  end
  health.ok(('server program: %s'):format(vim.fn.exepath(cmd[1])))
  if cmd[#cmd] ~= 'lsp' then
    return
  end
  local version_cmd = vim.list_extend(vim.list_slice(cmd, 1, #cmd - 1), { '--version' })
  local done = vim.system(version_cmd, { text = true, timeout = 5000 }):wait()
  if done.code == 0 then
    health.ok(('server version: %s'):format(vim.trim(done.stdout)))
  else
    local line = table.concat(version_cmd, ' ')
    health.error(('`%s` ended with exit code %d'):format(line, done.code), vim.trim(done.stderr))
  end
end

---@param config vim.lsp.Config
local function check_review(config)
  if vim.list_contains(config.filetypes or {}, 'diff') then
    health.ok('code actions work inside the document of a review')
  else
    health.warn('code actions do not work inside the document of a review', {
      "Add 'diff' to the filetypes of the configuration 'lsp_agent'",
    })
  end
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = 'lsp_agent' })
  if #clients == 0 then
    health.warn('the server is not running', {
      "Enable it with require('lsp_agent').setup()",
      'Open a file of one of its filetypes',
    })
  end
  for _, client in ipairs(clients) do
    health.ok(
      ('running for %s, buffers: %d'):format(
        client.root_dir or 'single files',
        vim.tbl_count(client.attached_buffers)
      )
    )
  end
end

function M.check()
  health.start('lsp-agent')
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or newer is needed')
    return
  end
  health.ok(('Neovim %s'):format(tostring(vim.version())))
  local config = check_config()
  if not config then
    return
  end
  if type(config.cmd) == 'table' then
    check_program(config.cmd --[[@as string[] ]])
  else
    health.info('the server is started by a function')
  end
  check_review(config)
  check_clients()
end

return M
