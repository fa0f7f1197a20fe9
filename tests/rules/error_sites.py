"""Finds in the source every place that refuses something: its code, and the facts it gives to the sentence.

A function that hands a parameter on as the code (`row.wrong(code, ...)`) is a maker; its callers are places.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import registry
import reports
import seed
from registry.kernel.errors import Forbidden, Invalid, NotFound, RegistryError, SeveralInvalid
from tests.architecture.source import ROOT, dotted, files

Function = ast.FunctionDef | ast.AsyncFunctionDef
POSITIONAL = ("code", "field", "value", "accepted")  # of Invalid and Remark


@dataclass(frozen=True)
class Site:
    """One place that refuses: where, with which code, and the names of the facts it gives."""

    place: str
    code: str
    facts: frozenset[str]


@dataclass
class Maker:
    """How a call makes an error: where its code stands, and the facts it adds by itself."""

    position: int
    facts: frozenset[str] = frozenset()
    positional: tuple[str, ...] = ()
    codes: set[str] = field(default_factory=set)


@cache
def families() -> dict[str, type[RegistryError]]:
    """Return every error of the house by its name."""
    for package in (registry, reports, seed):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: dict[str, type[RegistryError]] = {}
    waiting = [RegistryError]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += [below for below in kind.__subclasses__() if not below.__module__.startswith("tests")]
    return found


def makers() -> dict[str, Maker]:
    """Return what can be called to make an error; functions that hand a code on are found by `sites`."""
    found = {"Remark": Maker(0, positional=POSITIONAL), "say": Maker(0)}
    for name, kind in families().items():
        if issubclass(kind, SeveralInvalid):  # made of others, each with its own code
            found[name] = Maker(-1, frozenset({"count", "told"}), codes={kind.code})
        elif issubclass(kind, Invalid):
            found[name] = Maker(0, positional=POSITIONAL)
        elif issubclass(kind, NotFound):
            found[name] = Maker(-1, frozenset({"what", "value"}), codes={kind.code})
        elif issubclass(kind, Forbidden):
            found[name] = Maker(-1, frozenset({"permission", "actor"}), codes={kind.code})
        else:
            found[name] = Maker(-1, codes={kind.code})
    return found


def functions() -> Iterator[tuple[str, Function]]:
    """Yield every function of the house with the file it stands in."""
    for path in files("registry", "reports", "seed"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield str(path.relative_to(ROOT)), node


def texts(node: ast.expr, function: Function) -> set[str]:
    """Return the texts that an expression can be, as far as the function itself tells."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return texts(node.body, function) | texts(node.orelse, function)
    if isinstance(node, ast.Name):
        return {text for value in assigned(node.id, function) for text in texts(value, function)}
    return set()


@cache
def settings(function: Function) -> list[tuple[ast.expr, ast.expr]]:
    """Return what is set to what in a function."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            found.append((node.targets[0], node.value))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found.append((node.target, node.value))
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            found += [(node.target, element) for element in node.iter.elts]
    return found


@cache
def assigned(name: str, function: Function) -> list[ast.expr]:
    """Return what a name is set to in a function, by itself or as part of a tuple."""
    return [part for target, value in settings(function) for part in _parts(name, target, value)]


def _parts(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.IfExp):
        yield from _parts(name, target, value.body)
        yield from _parts(name, target, value.orelse)
    elif isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for inner, part in zip(target.elts, value.elts, strict=False):
            yield from _parts(name, inner, part)


def given(call: ast.Call, maker: Maker, function: Function) -> frozenset[str]:
    """Return the names of the facts that a call hands over."""
    names = {*maker.facts, *maker.positional[: len(call.args)]}
    names |= {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    whole = [keyword.value for keyword in call.keywords if keyword.arg is None]
    for mapping in whole + (call.args[1:2] if dotted(call.func) == "say" else []):
        for value in assigned(mapping.id, function) if isinstance(mapping, ast.Name) else [mapping]:
            keys = value.keys if isinstance(value, ast.Dict) else []
            names |= {
                key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return frozenset(names - {"code"})


@cache
def calls(function: Function) -> list[ast.Call]:
    """Return every call in a function; raising a class by its bare name calls it too."""
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    bare = [
        node for node in ast.walk(function) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name)
    ]
    return found + [ast.copy_location(ast.Call(node.exc, [], []), node) for node in bare if node.exc]


def called(call: ast.Call, function: Function) -> set[str]:
    """Return the names that a call may reach: its own, or the classes its variable was set to."""
    name = dotted(call.func).rsplit(".", 1)[-1] or (
        call.func.attr if isinstance(call.func, ast.Attribute) else ""
    )
    chosen = {dotted(value) for value in assigned(name, function)}
    return chosen & set(families()) or {name}


def sites() -> list[Site]:
    """Return every place that refuses, once no further maker comes to light."""
    known, house = makers(), list(functions())
    while True:
        found: dict[Site, None] = {}
        fresh: dict[str, Maker] = {}
        for path, function in house:
            for call in calls(function):
                for maker in (known[name] for name in called(call, function) & set(known)):
                    facts = given(call, maker, function)
                    found |= {
                        Site(f"{path}:{call.lineno}", code, facts): None
                        for code in _codes(call, maker, function)
                    }
                    if further := _handed_on(call, maker, function):
                        fresh[function.name] = further
        if set(fresh) <= set(known):
            return sorted(found, key=lambda site: (site.place, site.code))
        known |= fresh


def _code_of(call: ast.Call, maker: Maker) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    return named or (call.args[maker.position] if 0 <= maker.position < len(call.args) else None)


def _codes(call: ast.Call, maker: Maker, function: Function) -> set[str]:
    """Return the codes of a call; one that cannot be read here shows as a question mark."""
    written = _code_of(call, maker)
    if written is None:
        return maker.codes
    is_read_elsewhere = dotted(call.func) == "say" or _handed_on(call, maker, function) is not None
    return texts(written, function) or (set() if is_read_elsewhere else {"?"})


def _handed_on(call: ast.Call, maker: Maker, function: Function) -> Maker | None:
    """Return the maker that a function is when its code is one of its parameters."""
    written = _code_of(call, maker)
    parameters = [a.arg for a in function.args.args if a.arg != "self"]
    if not isinstance(written, ast.Name) or written.id not in parameters:
        return None
    may_be_missing = set(parameters[len(parameters) - len(function.args.defaults) :])
    passed = {keyword.arg for keyword in call.keywords if dotted(keyword.value) in may_be_missing}
    facts = given(call, maker, function) - passed
    return Maker(parameters.index(written.id), frozenset(facts), tuple(parameters))
