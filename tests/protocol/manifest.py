"""Every behaviour of the Model Context Protocol that we have, by a name of ours.

Tests prove them: those that do carry the mark `@pytest.mark.protocol("NAME", ...)`. A test sees
that no behaviour is without one, and that no mark names a behaviour that is not here.
"""

from tests.protocol.features import PROMPTS, QUESTIONS, RESOURCES, TOOLS
from tests.protocol.messages import JSON_RPC, LIFECYCLE, PATTERNS
from tests.protocol.transports import HTTP, STDIO

BEHAVIOURS = (
    *LIFECYCLE,
    *JSON_RPC,
    *TOOLS,
    *PATTERNS,
    *RESOURCES,
    *PROMPTS,
    *QUESTIONS,
    *STDIO,
    *HTTP,
)
