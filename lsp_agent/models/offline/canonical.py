"""The documented homes of names that several standard modules have.

Source: the library reference of Python 3.13, read 2026-11-20.
"""

_BY_MODULE = {
    "abc": "ABC ABCMeta abstractmethod",
    "argparse": "ArgumentParser Namespace",
    "collections": "ChainMap Counter OrderedDict UserDict UserList defaultdict deque namedtuple",
    "collections.abc": (
        "AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable Collection Coroutine "
        "Generator Hashable ItemsView Iterable Iterator KeysView Mapping MutableMapping "
        "MutableSequence MutableSet Reversible Sequence Sized ValuesView"
    ),
    "concurrent.futures": "ProcessPoolExecutor ThreadPoolExecutor as_completed",
    "contextlib": "ExitStack asynccontextmanager closing contextmanager nullcontext suppress",
    "copy": "deepcopy",
    "dataclasses": "asdict astuple dataclass field fields",
    "datetime": "date datetime timedelta timezone tzinfo",
    "decimal": "Decimal",
    "enum": "Enum Flag IntEnum IntFlag StrEnum auto unique",
    "fractions": "Fraction",
    "functools": (
        "cached_property lru_cache partial partialmethod reduce singledispatch total_ordering wraps"
    ),
    "io": "BytesIO StringIO TextIOWrapper",
    "itertools": (
        "accumulate chain combinations count cycle dropwhile groupby islice pairwise permutations "
        "product starmap takewhile tee zip_longest"
    ),
    "math": "ceil cos exp floor gcd hypot inf isclose log pi sin sqrt tan",
    "operator": "attrgetter itemgetter methodcaller",
    "os": "environ getcwd getenv listdir makedirs",
    "pathlib": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
    "sys": "argv",
    "tempfile": "NamedTemporaryFile TemporaryDirectory",
    "textwrap": "dedent",
    "types": "MappingProxyType ModuleType SimpleNamespace TracebackType",
    "typing": (
        "Annotated Any ClassVar Final Generic Literal NamedTuple NewType NoReturn Optional "
        "ParamSpec Protocol Self TypeAlias TypeVar TypedDict Union assert_never cast overload"
    ),
    "unittest.mock": "MagicMock Mock",
    "uuid": "UUID uuid4",
}

CANONICAL_HOMES = {name: module for module, names in _BY_MODULE.items() for name in names.split()}
"""Module by name."""

_OFTEN_IMPORTED = """
argparse array ast asyncio base64 bisect collections collections.abc configparser contextlib copy
csv dataclasses decimal difflib email.message enum fnmatch fractions functools getpass glob gzip
hashlib heapq hmac html http http.client http.server inspect io ipaddress itertools json logging
math mimetypes operator os os.path pathlib pickle pprint queue random secrets shlex shutil signal
socket socketserver sqlite3 ssl statistics string struct subprocess sys tarfile tempfile textwrap
threading time timeit traceback types typing unittest urllib.error urllib.parse urllib.request
uuid warnings weakref xml.etree.ElementTree zipfile zlib zoneinfo
"""

OFTEN_IMPORTED = frozenset(_OFTEN_IMPORTED.split())
"""Modules whose names people use bare. Elsewhere, an equal name is a coincidence: `register` is
public in `atexit`, but a call of an undefined `register` means something else."""
