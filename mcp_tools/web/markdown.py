"""HTML as Markdown: what a browser shows, with links that stand for themselves.

What a page hides from people (scripts, hidden elements, comments) is left out, since it is told to
models alone. The library is written in Rust, and neither deep nor endless markup stops it.
"""

from html_to_markdown import ConversionError, ConversionOptions, PreprocessingOptions, convert

from mcp_tools.types.errors import ExpectedError

_NO_TEXT = ["svg", "canvas", "iframe", "object", "embed", "audio", "video", "dialog"]


def markdown_of(html: str, url: str) -> str:
    """Give the text of a page; relative links are taken from `url`.

    Raises: ExpectedError if nothing can be made of it.
    """
    options = ConversionOptions(
        extract_metadata=False,
        exclude_selectors=_NO_TEXT,
        base_url=url,
        bullets="-",
        compact_tables=True,
        inline_data_media="alt_text_only",
        # Some sites put all of a page into a form.
        preprocessing=PreprocessingOptions(remove_forms=False),
    )
    try:
        return convert(html, options).content or ""
    except ConversionError as error:
        raise ExpectedError(f"{url} cannot be read as a page: {error}") from error
