"""The grammar of Python, as numbers: kinds of nodes and their fields.

Numbers are compared instead of names because asking a node for its name costs a string each time.
"""

import tree_sitter
import tree_sitter_python

LANGUAGE = tree_sitter.Language(tree_sitter_python.language())


def kinds(*names: str) -> frozenset[int]:
    """Give the numbers of all named kinds of nodes that are called one of `names`.

    Some names stand for several kinds, such as `tuple_pattern` of targets and of `match`.
    """
    wanted = set(names)
    return frozenset(
        kind
        for kind in range(LANGUAGE.node_kind_count)
        if LANGUAGE.node_kind_is_named(kind) and LANGUAGE.node_kind_for_id(kind) in wanted
    )


def _kind(name: str) -> int:
    return _number(LANGUAGE.id_for_node_kind(name, True))  # noqa: FBT003 - C function


def _token(text: str) -> int:
    return _number(LANGUAGE.id_for_node_kind(text, False))  # noqa: FBT003 - C function


def _field(name: str) -> int:
    return _number(LANGUAGE.field_id_for_name(name))


def _number(number: int | None) -> int:
    if number is None:
        raise LookupError("the grammar of tree-sitter-python has changed")
    return number


N_KINDS = LANGUAGE.node_kind_count
ERROR = 65535
"""The kind of what could not be parsed; it is outside of the others' range."""

ARGUMENT_LIST = _kind("argument_list")
ASSIGNMENT = _kind("assignment")
ATTRIBUTE = _kind("attribute")
BINARY_OPERATOR = _kind("binary_operator")
CALL = _kind("call")
CASE_CLAUSE = _kind("case_clause")
CASE_PATTERN = _kind("case_pattern")
CLASS_DEFINITION = _kind("class_definition")
CLASS_PATTERN = _kind("class_pattern")
COMMENT = _kind("comment")
COMPARISON = _kind("comparison_operator")
CONSTRAINED_TYPE = _kind("constrained_type")
DECORATOR = _kind("decorator")
DEFAULT_PARAMETER = _kind("default_parameter")
DICTIONARY_SPLAT = _kind("dictionary_splat")
DICTIONARY_SPLAT_PATTERN = _kind("dictionary_splat_pattern")
DICT_PATTERN = _kind("dict_pattern")
DOTTED_NAME = _kind("dotted_name")
ELSE_CLAUSE = _kind("else_clause")
EXPRESSION_STATEMENT = _kind("expression_statement")
FOR_IN_CLAUSE = _kind("for_in_clause")
IDENTIFIER = _kind("identifier")
IF_CLAUSE = _kind("if_clause")
IMPORT_FROM = _kind("import_from_statement")
INTERPOLATION = _kind("interpolation")
KEYWORD_ARGUMENT = _kind("keyword_argument")
KEYWORD_PATTERN = _kind("keyword_pattern")
KEYWORD_SEPARATOR = _kind("keyword_separator")
LINE_CONTINUATION = _kind("line_continuation")
LIST = _kind("list")
LIST_SPLAT = _kind("list_splat")
LIST_SPLAT_PATTERN = _kind("list_splat_pattern")
NONE = _kind("none")
NOT_OPERATOR = _kind("not_operator")
PAIR = _kind("pair")
PARAMETERS = _kind("parameters")
PARENTHESIZED = _kind("parenthesized_expression")
POSITIONAL_SEPARATOR = _kind("positional_separator")
RELATIVE_IMPORT = _kind("relative_import")
SPLAT_PATTERN = _kind("splat_pattern")
STRING = _kind("string")
CONCATENATED_STRING = _kind("concatenated_string")
STRING_CONTENT = _kind("string_content")
TUPLE = _kind("tuple")
TYPED_DEFAULT_PARAMETER = _kind("typed_default_parameter")
TYPED_PARAMETER = _kind("typed_parameter")
TYPE = _kind("type")
TYPE_PARAMETER = _kind("type_parameter")
WILDCARD_IMPORT = _kind("wildcard_import")
WITH_CLAUSE = _kind("with_clause")
BOOLEAN_OPERATOR = _kind("boolean_operator")
ALIASED_IMPORT = _kind("aliased_import")

AS_PATTERNS = kinds("as_pattern")
BLOCKS = kinds("block")
BLOCK = _kind("block")
EXITS = kinds("return_statement", "raise_statement", "continue_statement", "break_statement")

AND = _token("and")
ASYNC = _token("async")
COLON = _token(":")
FROM = _token("from")
FUTURE = _token("__future__")
IS = _token("is")
IS_NOT = _token("is not")
STARS = frozenset(
    kind
    for kind in range(N_KINDS)
    if LANGUAGE.node_kind_for_id(kind) == "*" and not LANGUAGE.node_kind_is_named(kind)
)

FIELD_ALIAS = _field("alias")
FIELD_ALTERNATIVE = _field("alternative")
FIELD_BODY = _field("body")
FIELD_CONDITION = _field("condition")
FIELD_CONSEQUENCE = _field("consequence")
FIELD_DEFINITION = _field("definition")
FIELD_KEY = _field("key")
FIELD_LEFT = _field("left")
FIELD_MODULE_NAME = _field("module_name")
FIELD_NAME = _field("name")
FIELD_PARAMETERS = _field("parameters")
FIELD_RIGHT = _field("right")
FIELD_SUBJECT = _field("subject")
FIELD_TYPE = _field("type")
FIELD_VALUE = _field("value")
