"""The resources and prompts that the conformance suite reads, in our own terms."""

from collections.abc import Sequence

from mcp_tools.server.ports import Workplace
from mcp_tools.server.prompting.prompt import Argument, Occasion, Prompt, Said
from mcp_tools.server.schemes.scheme import Content, Listed, Scheme, Template, Visit
from mcp_tools.types.errors import NotFound
from tests.conformance.fixture_tools import PIXEL

_TEXT = "This is the content of the static text resource."


async def _read(visit: Visit) -> Sequence[Content]:
    uri, path = visit.address.uri, visit.address.path
    match path.split("/"):
        case ["static-text"] | ["watched-resource"]:
            content = Content(uri=uri, mime_type="text/plain", text=_TEXT)
        case ["static-binary"]:
            content = Content(uri=uri, mime_type="image/png", data=PIXEL)
        case ["template", name, "data"]:
            text = f'{{"id": "{name}", "templateTest": true}}'
            content = Content(uri=uri, mime_type="application/json", text=text)
        case _:
            raise NotFound(f"there is no {path!r}")
    return (content,)


def _listed(place: Workplace) -> Sequence[Listed]:
    del place
    names = {"static-binary": "image/png", "static-text": "text/plain"}
    return [
        Listed(uri=f"test://{name}", name=name, title=name, mime_type=kind, priority=0.5)
        for name, kind in names.items()
    ]


SCHEMES: tuple[Scheme, ...] = (
    Scheme(
        name="test",
        templates=(
            Template(
                uri_template="test://template/{id}/data",
                name="template",
                title="A template",
                description="What the conformance suite fills in.",
                mime_type="application/json",
            ),
        ),
        read=_read,
        listed=_listed,
        has_files=True,
    ),
)


async def _simple(occasion: Occasion) -> Said:
    del occasion
    return Said(text="This is a simple prompt for testing.")


async def _with_arguments(occasion: Occasion) -> Said:
    first, second = occasion.values["arg1"], occasion.values["arg2"]
    return Said(text=f"Prompt with arguments: arg1='{first}', arg2='{second}'")


async def _with_resource(occasion: Occasion) -> Said:
    content = Content(uri=occasion.values["resourceUri"], mime_type="text/plain", text=_TEXT)
    return Said(text="Please process the embedded resource.", attached=(content,))


async def _with_image(occasion: Occasion) -> Said:
    del occasion
    content = Content(uri="test://static-binary", mime_type="image/png", data=PIXEL)
    return Said(text="Please analyze the image.", attached=(content,))


def _argument(name: str) -> Argument:
    return Argument(name=name, title=name, description=f"The {name}.", is_required=True)


PROMPTS: tuple[Prompt, ...] = (
    Prompt(
        name="test_prompt_with_arguments",
        title="With arguments",
        description="Says its arguments.",
        arguments=(_argument("arg1"), _argument("arg2")),
        make=_with_arguments,
    ),
    Prompt(
        name="test_prompt_with_embedded_resource",
        title="With a resource",
        description="Has a resource with it.",
        arguments=(_argument("resourceUri"),),
        make=_with_resource,
    ),
    Prompt(
        name="test_prompt_with_image",
        title="With an image",
        description="Has an image with it.",
        arguments=(),
        make=_with_image,
    ),
    Prompt(
        name="test_simple_prompt",
        title="Simple",
        description="Says the same each time.",
        arguments=(),
        make=_simple,
    ),
)
