-- Runs inside headless Neovim: performs the steps of a spec as a user would, and writes down what
-- could be seen. driver.py writes the spec, starts Neovim, and reads the result.
--
-- A step that fails ends the run, because the steps after it would fail for its reason.

local spec = vim.json.decode(
  table.concat(vim.fn.readfile(vim.env.LSP_AGENT_DRIVE_SPEC), '\n'),
  { luanil = { object = true, array = true } }
)

local result = {
  errors = {},
  offered = {},
  messages = {},
  progress = {},
  applied = {},
  shown = {},
  asked = {},
  diagnostics = {},
  texts = vim.empty_dict(),
  values = vim.empty_dict(),
}

-- What the user would choose when asked; steps set them.
local wanted_title
local answers = {}
-- Keys that the user presses while an edit of the server is on its way.
local keys_before_edit

-- Progress ----------------------------------------------------------------------------------------

-- Token of the work to its title while it runs.
local running = {}
-- Titles of ended work that no step has waited for yet.
local ended = {}

vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local token, value = event.data.params.token, event.data.params.value
    table.insert(result.progress, {
      kind = value.kind,
      title = value.title,
      message = value.message,
      percentage = value.percentage,
    })
    if value.kind == 'begin' then
      running[token] = value.title
    elseif value.kind == 'end' and running[token] then
      table.insert(ended, running[token])
      running[token] = nil
    end
  end,
})

-- What the editor shows and asks ------------------------------------------------------------------

---@param text string
---@param regex string In Vim's very magic syntax, letters of either case.
local function matches(text, regex)
  return vim.regex([[\v\c]] .. regex):match_str(text) ~= nil
end

vim.notify = function(message, level)
  table.insert(result.messages, { level = level or vim.log.levels.INFO, text = message })
end

-- Replaced, not listened to: some versions of Neovim show it by vim.notify and some do not.
vim.lsp.handlers['window/showMessage'] = function(_, params)
  -- The protocol counts levels from error = 1 up to log; Neovim the other way round.
  vim.notify(params.message, vim.log.levels.ERROR + 1 - params.type)
end

vim.ui.select = function(items, options, on_choice)
  local titles = vim.tbl_map(options.format_item or tostring, items)
  local wanted
  if options.kind == 'codeaction' then
    result.offered = titles
    wanted, wanted_title = wanted_title, nil
  else
    wanted = table.remove(answers, 1)
    table.insert(result.asked, { prompt = options.prompt or '', options = titles })
  end
  for index, title in ipairs(titles) do
    if wanted and matches(title, wanted) then
      return on_choice(items[index], index)
    end
  end
  on_choice(nil, nil)
end

---@param keys string
local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

local apply_edit = vim.lsp.handlers['workspace/applyEdit']
vim.lsp.handlers['workspace/applyEdit'] = function(err, params, ...)
  local keys = keys_before_edit
  if keys then
    keys_before_edit = nil
    press(keys)
  end
  local answer = apply_edit(err, params, ...)
  table.insert(result.applied, { label = params.label, applied = answer.applied })
  return answer
end

local show_document = vim.lsp.handlers['window/showDocument']
vim.lsp.handlers['window/showDocument'] = function(err, params, ...)
  table.insert(result.shown, params.uri)
  return show_document(err, params, ...)
end

-- Looking -----------------------------------------------------------------------------------------

---@param bufnr integer
local function text_of(bufnr)
  local text = table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, true), '\n')
  return vim.bo[bufnr].endofline and text .. '\n' or text
end

---@param path? string
local function buffer_of(path)
  if not path then
    return vim.api.nvim_get_current_buf()
  end
  local bufnr = vim.fn.bufnr(path)
  assert(bufnr ~= -1, 'no buffer holds ' .. path)
  return bufnr
end

---@param bufnr? integer All buffers if absent.
local function diagnostics_of(bufnr)
  return vim.tbl_map(function(diagnostic)
    return {
      path = vim.api.nvim_buf_get_name(diagnostic.bufnr),
      line_number = diagnostic.lnum + 1,
      column = diagnostic.col,
      message = diagnostic.message,
      source = diagnostic.source,
      code = diagnostic.code and tostring(diagnostic.code),
      severity = vim.diagnostic.severity[diagnostic.severity]:lower(),
    }
  end, vim.diagnostic.get(bufnr))
end

---@param what string
---@param holds fun(): boolean?
local function wait_until(what, holds)
  if not vim.wait(spec.wait_ms, holds, 10) then
    error(('waited %d ms in vain for %s'):format(spec.wait_ms, what), 0)
  end
end

-- Steps -------------------------------------------------------------------------------------------

local steps = {}

---@param what string
local function wait_for_server(what)
  local bufnr = vim.api.nvim_get_current_buf()
  wait_until('the server to be ready for ' .. what, function()
    -- Raising here ends the wait: a server that is gone will not become ready.
    assert(result.exit_code == nil, 'the server ended while it was starting')
    local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'lsp_agent' })[1]
    return client ~= nil and client.initialized == true
  end)
end

function steps.open(step)
  vim.cmd.drop(vim.fn.fnameescape(step.path))
  wait_for_server(step.path)
end

function steps.go_to_review()
  wait_until('the document of a review', function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(window)
      local name = vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window))
      local is_review = name:find('/lsp-agent/reviews/', 1, true) ~= nil
      if is_review then
        vim.api.nvim_set_current_win(window)
      end
      return is_review
    end)
  end)
  wait_for_server('the document of a review')
end

function steps.wait_for_diagnostic(step)
  wait_until('a diagnostic that matches ' .. step.regex, function()
    return vim.iter(vim.diagnostic.get(0)):any(function(diagnostic)
      return matches(diagnostic.message, step.regex)
    end)
  end)
end

function steps.wait_for_no_diagnostic(step)
  wait_until('no diagnostic to match ' .. step.regex, function()
    return not vim.iter(vim.diagnostic.get(0)):any(function(diagnostic)
      return matches(diagnostic.message, step.regex)
    end)
  end)
end

function steps.put_cursor(step)
  vim.fn.cursor(1, 1)
  local found = vim.fn.search([[\V]] .. vim.fn.escape(step.text, [[\]]), 'cW')
  assert(found > 0, ('the buffer holds no %q'):format(step.text))
end

-- Returns when the action was chosen; what it starts goes on in the background.
function steps.run_code_action(step)
  wanted_title = step.regex
  result.offered = {}
  local n_messages = #result.messages
  vim.lsp.buf.code_action()
  wait_until('code actions', function()
    return #result.offered > 0
      or vim.iter(result.messages):skip(n_messages):any(function(message)
        return matches(message.text, 'no code actions')
      end)
  end)
  assert(wanted_title == nil, 'no code actions were offered')
  assert(
    vim.iter(result.offered):any(function(title)
      return matches(title, step.regex)
    end),
    ('none of the offered actions matches %q: %s'):format(step.regex, vim.inspect(result.offered))
  )
end

function steps.answer_next_question(step)
  table.insert(answers, step.regex)
end

function steps.run_command(step)
  vim.cmd(step.command)
end

function steps.wait_for_text(step)
  wait_until(('the buffer to hold %q'):format(step.text), function()
    return text_of(buffer_of(step.path)):find(step.text, 1, true) ~= nil
  end)
end

function steps.wait_for_no_text(step)
  wait_until(('the buffer not to hold %q'):format(step.text), function()
    return text_of(buffer_of(step.path)):find(step.text, 1, true) == nil
  end)
end

function steps.wait_for_code_lens(step)
  wait_until('a code lens that matches ' .. step.regex, function()
    -- Neovim 0.11 asks for a buffer, and has no more than the lenses; later ones ask for a table.
    local bufnr = vim.api.nvim_get_current_buf()
    local is_new = vim.lsp.codelens.enable ~= nil
    return vim.iter(vim.lsp.codelens.get(is_new and { bufnr = bufnr } or bufnr)):any(function(item)
      local command = (item.lens or item).command
      return command ~= nil and matches(command.title, step.regex)
    end)
  end)
end

-- A long answer comes as a document; only one that a window shows can be read.
function steps.wait_for_answer(step)
  wait_until('an answer that matches ' .. step.regex, function()
    local seen = vim.tbl_map(function(message)
      return message.text
    end, result.messages)
    for _, uri in ipairs(result.shown) do
      local bufnr = vim.uri_to_bufnr(uri)
      if vim.fn.bufwinid(bufnr) ~= -1 then
        table.insert(seen, text_of(bufnr))
      end
    end
    return vim.iter(seen):any(function(text)
      return matches(text, step.regex)
    end)
  end)
end

function steps.wait_for_progress_begin(step)
  wait_until('work to begin whose title matches ' .. step.regex, function()
    return vim.iter(result.progress):any(function(report)
      return report.kind == 'begin' and matches(report.title, step.regex)
    end)
  end)
end

-- Each ended piece of work is counted once: waiting twice waits for two of them.
function steps.wait_for_progress_end(step)
  wait_until('work to end whose title matches ' .. step.regex, function()
    for index, title in ipairs(ended) do
      if matches(title, step.regex) then
        table.remove(ended, index)
        return true
      end
    end
    return false
  end)
end

function steps.press(step)
  press(step.keys)
end

function steps.press_when_an_edit_arrives(step)
  keys_before_edit = step.keys
end

function steps.save()
  vim.cmd('silent write')
end

function steps.remember_text(step)
  result.texts[step.name] = text_of(buffer_of(step.path))
end

function steps.evaluate(step)
  result.values[step.name] = assert(loadstring('return ' .. step.expression))()
end

-- As when the system ends it: it cannot say goodbye, nor put anything in order.
function steps.kill_server(step)
  vim.uv.kill(assert(tonumber(vim.fn.readfile(step.pid_file)[1])), 'sigkill')
  wait_until('the server to be gone', function()
    -- Neovim tells of it a little later, and a later step would take that for its own message.
    return result.exit_code ~= nil
      and vim.iter(result.messages):any(function(message)
        return message.text:find('quit with exit code', 1, true) ~= nil
      end)
  end)
  result.exit_code = nil
end

function steps.start_server_again()
  -- What vim.lsp.enable() does in a Neovim that has started; this script runs while it starts.
  vim.cmd.doautoall('nvim.lsp.enable FileType')
  wait_for_server('the current buffer')
end

-- The run -----------------------------------------------------------------------------------------

local function start_server()
  local function on_exit(code)
    result.exit_code = code
  end
  if spec.with_plugin then
    vim.lsp.config('lsp_agent', { on_exit = on_exit })
    require('lsp_agent').setup(spec.setup)
  else
    -- As the README of the plugin tells those who do without it.
    vim.lsp.config('lsp_agent', {
      cmd = spec.setup.cmd,
      init_options = spec.setup.init_options,
      filetypes = { 'python', 'diff' },
      root_dir = function(bufnr, on_dir)
        local client = vim.lsp.get_clients({ name = 'lsp_agent' })[1]
        on_dir(vim.fs.root(bufnr, { 'pyproject.toml' }) or client and client.root_dir)
      end,
      on_exit = on_exit,
    })
    vim.lsp.enable('lsp_agent')
  end
end

local function perform()
  vim.cmd.cd(vim.fn.fnameescape(spec.root))
  start_server()
  for number, step in ipairs(spec.steps) do
    local ok, message = xpcall(steps[step.name], function(message)
      return type(message) == 'string' and message or vim.inspect(message)
    end, step.arguments)
    if not ok then
      error(('step %d, %s: %s'):format(number, step.name, message), 0)
    end
  end
end

-- Shutdown and exit are requests like others: a server that ignores them is a finding.
local function stop_server()
  local clients = vim.lsp.get_clients({ name = 'lsp_agent' })
  for _, client in ipairs(clients) do
    client:stop()
  end
  if #clients > 0 then
    wait_until('the server to stop', function()
      return result.exit_code ~= nil
    end)
  end
end

for _, part in ipairs({
  perform,
  function()
    result.diagnostics = diagnostics_of(nil)
    for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
      local name = vim.api.nvim_buf_get_name(bufnr)
      if name ~= '' and vim.bo[bufnr].buftype == '' and vim.api.nvim_buf_is_loaded(bufnr) then
        result.texts[name] = text_of(bufnr)
      end
    end
  end,
  stop_server,
}) do
  local ok, message = pcall(part)
  if not ok then
    table.insert(result.errors, tostring(message))
  end
end

vim.fn.writefile({ vim.json.encode(result) }, spec.result)
vim.cmd('qall!')
