"""What the doctor says of trust: whether the project here is trusted, and what of it is off."""

from lsp_agent.app import trust_store
from lsp_agent.cli.arguments import workspace_of
from lsp_agent.cli.checks import Check, State
from lsp_agent.cli.command import UsageError
from lsp_agent.config.settings import SettingsError, load_settings
from lsp_agent.trust.telling import advice, lines_of

NAME = "trust"


def trust_check() -> Check:
    """Look at the project that the current folder lies in; to be untrusted is no fault."""
    try:
        root = workspace_of(None)
        store = trust_store(load_settings({}, overrides_name="").settings)
    except (UsageError, SettingsError) as error:
        return Check(name=NAME, state=State.NOTE, detail=str(error))
    problems = store.problems()
    if problems:
        return Check(name=NAME, state=State.BROKEN, detail=problems[0], advice="mend it as it says")
    view = store.look(root)
    detail = "; ".join(line.strip() for line in lines_of(view, root))
    state = State.NOTE if advice(view) else State.OK
    return Check(name=NAME, state=state, detail=detail, advice=advice(view))
