-- The documents in which the server shows what waits for review.
--
-- They lie in the user's cache folder, so outside of every project. Neovim would start another
-- server for them, which knows nothing of what they show; they belong to the one that shows them.

local M = {}

---@type table<string, string> By name of the document, the folder that its server serves.
local roots = {}

--- Tells whether a buffer holds such a document.
---@param bufnr integer
---@return boolean
function M.is_page(bufnr)
  local name = vim.fs.normalize(vim.api.nvim_buf_get_name(bufnr))
  return name:find('/lsp%-agent/reviews/[^/]+%.diff$') ~= nil
end

--- Waits for a server where there is none yet, as for a document that a session brings back.
---@param on_client fun(client: vim.lsp.Client)
local function with_client(on_client)
  local client = vim.lsp.get_clients({ name = 'lsp_agent' })[1]
  if client then
    on_client(client)
    return
  end
  vim.api.nvim_create_autocmd('LspAttach', {
    callback = function(event)
      local attached = vim.lsp.get_client_by_id(event.data.client_id)
      if attached and attached.name == 'lsp_agent' then
        on_client(attached)
        return true -- Once is enough.
      end
    end,
  })
end

--- The folder that the server of a buffer serves. Of the documents with a difference, the server
--- gets only those that it made itself.
---@param bufnr integer
---@param on_dir fun(root_dir?: string)
function M.root_dir(bufnr, on_dir)
  if M.is_page(bufnr) then
    local root = roots[vim.api.nvim_buf_get_name(bufnr)]
    if root then
      on_dir(root)
      return
    end
    with_client(function(client)
      on_dir(client.root_dir)
    end)
  elseif vim.bo[bufnr].filetype ~= 'diff' then
    on_dir(vim.fs.root(bufnr, vim.lsp.config.lsp_agent.root_markers or {}))
  end
end

--- Shows a document, and notes which server wanted that.
---@type lsp.Handler
function M.show_document(err, params, context, ...)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if params and client then
    roots[vim.uri_to_fname(params.uri)] = client.root_dir
  end
  return vim.lsp.handlers['window/showDocument'](err, params, context, ...)
end

return M
