"""How SQL's statements begin, and what of a script says nothing: settings, rows of data, a dump's banners."""

from __future__ import annotations

import re

_NAME = r"(?:[\w$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])"
NAMED = rf"(?P<name>{_NAME}(?:\s*\.\s*{_NAME})*)"
HEAD = re.compile(
    r"^[^\S\n]*+(?:create\s+(?:or\s+replace\s+)?(?:temp\w*\s+|unlogged\s+|unique\s+)?(?:table|type|index|domain|policy)\b|"
    r"alter\s+table\b|comment\s+on\s+(?:table|column)\b|"
    r"insert\s+(?:ignore\s+|or\s+\w+\s+)?into\s+[\w.\"`\[\]]{1,120}\s*(?:\([^()]{1,2000}\)\s*)?values\s*\()",
    re.I | re.M,
)
TABLE = re.compile(
    rf"\s*create\s+(?:(?:global|local|temp|temporary|unlogged)\s+)*table\s+(?:if\s+not\s+exists\s+)?{NAMED}", re.I
)
ALTER = re.compile(rf"\s*alter\s+table\s+(?:only\s+|if\s+exists\s+)*{NAMED}\s*", re.I)
ADD = re.compile(r"\s*add\s+(?:column\s+(?:if\s+not\s+exists\s+)?)?", re.I)
TYPE = re.compile(rf"\s*create\s+type\s+{NAMED}\s+as\s+enum\s*\(", re.I)
DOMAIN = re.compile(rf"\s*create\s+domain\s+{NAMED}\s+(?:as\s+)?", re.I)
INDEX = re.compile(
    r"\s*create\s+(?P<unique>unique\s+)?(?:fulltext\s+|"
    r"spatial\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?"
    rf"(?:[\w.$-]+\s+|{_NAME}\s+)?on\s+(?:only\s+)?{NAMED}(?:\s+using\s+\w+)?\s*",
    re.I,
)
COMMENT = re.compile(
    rf"\s*comment\s+on\s+(?P<what>table|column)\s+{NAMED}\s+is\s+(?:e|n)?'(?P<said>.*)'\s*$", re.I | re.S
)
INSERT = re.compile(
    rf"\s*insert\s+(?:ignore\s+|or\s+\w+\s+)?into\s+{NAMED}\s*\((?P<columns>[^()]*)\)\s*values\s*", re.I
)
POLICY = re.compile(rf"\s*create\s+policy\s+.+?\s+on\s+{NAMED}\s*(?P<rest>.*)$", re.I | re.S)
GRANT = re.compile(rf"\s*grant\s+(?P<verbs>[\w\s,]+?)\s+on\s+(?:table\s+)?{NAMED}\s+to\s+(?P<roles>.+)$", re.I | re.S)
QUIET = re.compile(
    r"\s*(?:set\b|use\b|drop\b|begin\b|commit\b|start\s+transaction|lock\b|unlock\b|pragma\b|select\b|delimiter\b|\\|"
    r"create\s+(?:schema|database|extension|sequence)\b|alter\s+(?:sequence|schema|database|type|function)\b|"
    r"alter\s+[^;]*\bowner\s+to\b|comment\s+on\s+(?!table|column)|revoke\b|end\b|"
    r"create\s+(?:or\s+replace\s+)?procedural\b|"
    r"create\s+(?:or\s+replace\s+)?trigger\b[^;]*"
    r"\bset\s+(?:new\.)?\w*(?:update|modif|chang)\w*\s*=|insert\b|analyze\b|vacuum\b|go\b|"
    r"exec(?:ute)?\b|print\b|if\s+(?:not\s+)?exists\b[^;]*?\bdrop\b|"
    r"alter\s+table\s+\S+\s+(?:owner|enable\s+row|force\s+row|disable|enable)\b|/\*!)",
    re.I,
)
SQL_IN_COMMENT = re.compile(
    r"^(?:(?:create|alter|drop)\s+(?:unique\s+)?(?:table|type|index|view|policy|domain|trigger|function|column)\s+\w"
    r"|insert\s+into\s+\w|comment\s+on\s+\w|grant\s+\w+\s+on\s)|^[\w\"`]+\s+\w+(?:\([\d, ]+\))?[^.]*,$",
    re.I,
)
NOISE = re.compile(
    r"^(?:(?:temporary )?(?:table|view) structure for|dumping data|dump completed|name: .*type:|host:|server version|"
    r"postgresql database dump|"
    r"mysql dump|current database|[-=*#\s]*$)",
    re.I,
)
NARRATION = re.compile(
    r"^(?:(?:optionally|now|first|then|finally)?,?\s*)"
    r"(?:creat|add|drop|alter|insert|defin|enabl|seed|populat|load|fill|updat)\w*\b[^.;]{0,80}?"
    r"\b(?:tables?|index(?:es)?|columns?|types?|constraints?|views?|triggers?|functions?|keys?|rows?|data|databases?|"
    r"extensions?|schemas?|sequences?|enums?)\b",
    re.I,
)
"""Comments that tell what the next statement does, which that says itself."""
LICENCE = re.compile(r"\bcopyright\b|\blicen[sc]ed?\b|\bredistribut\w+|\bwithout warrant|\ball rights reserved\b", re.I)
