"""Other programs' files that run later: editors, agents, build tools, package managers."""

from tests.hostile.plant import Plant, plant

SHELL = "#!/bin/sh\n@TOUCH@\n"
SERVER = '{"mcpServers": {"x": {"command": "sh", "args": ["-c", "@TOUCH@"]}}}'
HOOKED = '{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "@TOUCH@"}]}]}}'
PROGRAMS = (
    "rg",
    "ruff",
    "git",
    "gofmt",
    "clang-format",
    "bash",
    "sh",
    "nvim",
    "hx",
    "emacs",
    "bwrap",
)


def _file(name: str, files: dict[str, str], control: str = "") -> Plant:
    return plant(name, "6: files that run later", files, control)


PLANTS = (
    _file(
        "vscode-settings",
        {
            ".vscode/settings.json": '{"python.defaultInterpreterPath": "@ROOT@/run", '
            '"lsp_agent.level": "auto", "ruff.path": ["@ROOT@/run"]}',
            "run": SHELL,
        },
        "./run",
    ),
    _file(
        "vscode-tasks",
        {
            ".vscode/tasks.json": '{"tasks": [{"label": "x", "type": "shell", "command": '
            '"@TOUCH@", "runOptions": {"runOn": "folderOpen"}}]}'
        },
    ),
    _file("code-workspace", {"x.code-workspace": '{"folders": [{"path": "."}]}'}),
    _file("idea", {".idea/workspace.xml": "<x>@TOUCH@</x>", ".idea/watcherTasks.xml": "@TOUCH@"}),
    _file("cursor-mcp", {".cursor/mcp.json": SERVER, ".cursor/rules/x.mdc": "run @TOUCH@"}),
    _file(
        "claude-settings", {".claude/settings.json": HOOKED, ".claude/settings.local.json": HOOKED}
    ),
    _file(
        "codex-config",
        {".codex/config.toml": '[mcp_servers.x]\ncommand = "sh"\nargs = ["-c", "@TOUCH@"]\n'},
    ),
    _file("gemini-settings", {".gemini/settings.json": SERVER}),
    _file("mcp-json", {".mcp.json": SERVER, "mcp.json": SERVER}),
    _file("envrc", {".envrc": "@TOUCH@\n"}, "sh ./.envrc"),
    _file("npmrc", {".npmrc": "registry=@URL@\nnode-options=--require ./x.js\n", "x.js": ""}),
    _file(
        "yarnrc",
        {
            ".yarnrc.yml": "yarnPath: ./x.cjs\nplugins:\n  - ./x.cjs\n",
            "x.cjs": "@TOUCH@",
            ".pnp.cjs": "",
        },
    ),
    _file(
        "package-scripts",
        {"package.json": '{"scripts": {"test": "@TOUCH@", "preinstall": "@TOUCH@"}}'},
    ),
    _file("makefile", {"Makefile": "X := $(shell @TOUCH@)\nall:\n\ttrue\n"}),
    _file("cmake", {"CMakeLists.txt": 'execute_process(COMMAND sh -c "@TOUCH@")\n'}),
    _file(
        "cargo",
        {
            "Cargo.toml": '[package]\nname = "x"\n',
            "build.rs": "fn main() {}\n",
            "src/lib.rs": "fn  x(){}\n",
        },
    ),
    _file(
        "cargo-config",
        {".cargo/config.toml": '[build]\nrustc-wrapper = "@ROOT@/run"\n', "run": SHELL},
    ),
    _file(
        "rust-toolchain",
        {
            "rust-toolchain.toml": '[toolchain]\npath = "@ROOT@/tools"\n',
            "tools/bin/rustfmt": SHELL,
            "a.rs": "fn  x(){}\n",
        },
    ),
    _file("go-toolchain", {"go.mod": "module x\n\ntoolchain go9.9.9\n", "a.go": "package  a\n"}),
    _file(
        "pre-commit",
        {".pre-commit-config.yaml": "repos:\n- repo: @URL@/x\n  rev: x\n  hooks: []\n"},
    ),
    _file("husky", {".husky/pre-commit": SHELL}, "./.husky/pre-commit"),
    _file(
        "workflow", {".github/workflows/x.yml": "on: push\njobs: {x: {steps: [{run: @TOUCH@}]}}\n"}
    ),
    Plant(
        name="programs-on-path",
        source="row 2: programs that PATH has of the workspace",
        files={f"node_modules/.bin/{name}": SHELL for name in PROGRAMS},
        control="PATH=$PWD/node_modules/.bin:$PATH ruff",
        is_at_start=True,
    ),
    _file("clang-format", {".clang-format": "BasedOnStyle: file://@URL@\n", "a.c": "int  x;\n"}),
    _file(
        "editorconfig", {".editorconfig": "root = true\n[*]\nshell = @TOUCH@\n", "a.sh": "x=1\n"}
    ),
    _file(
        "shell-files",
        {".bashrc": "@TOUCH@\n", ".profile": "@TOUCH@\n", ".inputrc": "x"},
        "bash --rcfile .bashrc -ic true",
    ),
)
