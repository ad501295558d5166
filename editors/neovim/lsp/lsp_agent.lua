-- How Neovim starts the server; `vim.lsp.enable('lsp_agent')` reads this file.
-- Change single fields with `vim.lsp.config('lsp_agent', { ... })`; see |lsp-agent-config|.

---@type vim.lsp.Config
return {
  cmd = { 'lsp-agent', 'lsp' },
  -- stylua: ignore
  filetypes = {
    'bash', 'c', 'clojure', 'cpp', 'cs', 'css', 'cuda', 'dart', 'diff', 'dockerfile', 'elixir',
    'elm', 'erlang', 'fortran', 'fsharp', 'go', 'graphql', 'groovy', 'haskell', 'html', 'java',
    'javascript', 'javascriptreact', 'json', 'julia', 'kotlin', 'less', 'lua', 'make', 'nim',
    'nix', 'objc', 'objcpp', 'ocaml', 'perl', 'php', 'ps1', 'python', 'r', 'ruby', 'rust',
    'scala', 'scss', 'sh', 'sql', 'svelte', 'swift', 'terraform', 'toml', 'typescript',
    'typescriptreact', 'vim', 'vue', 'yaml', 'zig', 'zsh',
  },
  -- The whole repository is the workspace, so its markers come before those of one package.
  root_markers = {
    '.git', '.jj', '.hg', 'pyproject.toml', 'setup.py', 'package.json', 'go.mod', 'Cargo.toml',
    'pom.xml', 'build.gradle', 'CMakeLists.txt', 'Makefile',
  },
  root_dir = function(bufnr, on_dir)
    require('lsp_agent.pages').root_dir(bufnr, on_dir)
  end,
  handlers = {
    ['window/showDocument'] = function(...)
      return require('lsp_agent.pages').show_document(...)
    end,
  },
}
