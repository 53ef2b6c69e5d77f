# SPDX-License-Identifier: GPL-2.0-only
"""Changes of one place in C source that is formatted as the kernel's: what a careless hand does."""

import collections
import re

# kind: see KINDS. line: from 1. text: what a reader is told. source: the file with the change.
Change = collections.namedtuple("Change", "file line kind text source")

OPERATORS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
JUNCTIONS = {"&&": "||", "||": "&&"}
# The size of an array that is declared, and how many calloc() makes: more is not another behaviour.
ROOM = re.compile(r"calloc\($|^[ \t]+(?:\w+ )+[^=;()]*\w\[$", re.M)
TRUTH = {"true": "false", "false": "true"}
NO_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|'
                     r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.S | re.M)
NO_STATEMENT = r"(?:return|goto|break|continue|if|else|for|while|do|switch|case|default|va_start|va_end|lockdep_assert_held)\b|[a-z_]\w*\s+\**[a-z_]"
NOTICE = re.compile(r"notify|event|signal|wake|ring|tell|told|alert|interrupt|warn|log")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def functions(source):
    """The source with all blank that is not code of a function, at the same place."""
    code = NO_CODE.sub(lambda m: blank(m.group()), source)
    result, at = "", 0
    for body in re.finditer(r"^\{\n.*?^\}", code, re.S | re.M):
        result += blank(code[at:body.start()]) + body.group()
        at = body.end()
    return result + blank(code[at:])


def closing(code, at):
    """Where the parenthesis ends that begins at @at."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if not depth:
            return i
    raise ValueError("parenthesis")


def comparisons(code):
    for m in re.finditer(r" (==|!=|<=|>=|<|>)(?= )", code):
        yield m.start(1), m.end(1), OPERATORS[m[1]], f"{m[1]} becomes {OPERATORS[m[1]]}"


def conditions(code):
    for m in re.finditer(r"\bif (?=\()", code):
        yield m.end(), closing(code, m.end()) + 1


def negations(code):
    for begin, end in conditions(code):
        yield begin, end, f"(!{code[begin:end]})", "the condition is negated"
    for m in re.finditer(r" (&&|\|\|)\s", code):
        yield m.start(1), m.end(1), JUNCTIONS[m[1]], f"{m[1]} becomes {JUNCTIONS[m[1]]}"
    for m in re.finditer(r"(?<!if \()!(?=[\w(*])", code):
        yield m.start(), m.end(), "", "! is dropped"


def returns(code):
    for begin, end in conditions(code):
        if re.match(r"\s+(return|goto|continue|break)\b", code[end:]):
            yield begin, end, f"(0 && {code[begin:end]})", "the way out is not taken"


def constants(code):
    for m in re.finditer(r"(?<![\w.\"])(0x[0-9a-fA-F]+|\d+)([uUlL]*)\b(?![.\"])|\b(true|false)\b", code):
        if ROOM.search(code, code.rfind("\n", 0, m.start()) + 1, m.start()):
            continue
        new = TRUTH[m[3]] if m[3] else f"{int(m[1], 8 if m[1].isdigit() and m[1][0] == '0' else 0) + 1}{m[2]}"
        yield m.start(), m.end(), new, f"{m[0]} becomes {new}"


def statements(code):
    for m in re.finditer(rf"(?<=[;{{}}):e])\s*\n\t+((?!{NO_STATEMENT})[\w(*][^;{{}}]*;)", code):
        before = code[:m.start()].split()[-1]
        if before[-1] != "e" or before == "else":
            yield m.start(1), m.end(1), ";", "the statement is dropped"


KINDS = {"comparison": comparisons, "negation": negations, "early return": returns,
         "constant": constants, "statement": statements}


def changes(file):
    """All changes of the file, in the order of its lines."""
    with open(file, encoding="utf-8") as f:
        source = f.read()
    code = functions(source)
    found = []
    for kind, find in KINDS.items():
        for begin, end, new, text in find(code):
            name = "notification" if kind == "statement" and NOTICE.search(code[begin:end].split("(")[0]) else kind
            line = source.count("\n", 0, begin) + 1
            # Lines keep their numbers.
            new += "\n" * (source.count("\n", begin, end) - new.count("\n"))
            found.append(Change(file, line, name, text, source[:begin] + new + source[end:]))
    return sorted(found, key=lambda change: (change.line, change.kind, change.text))
