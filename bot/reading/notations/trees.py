"""Trees of YAML and JSON whose every node knows where it stands in the text.

Both are read as people paste them: what is broken in one line loses that line and not the document. Repairs keep the
length of the text, so that the offsets stay those of the source.
"""

from __future__ import annotations

import re

from bot.reading.notations.json_trees import parse_json
from bot.reading.notations.nodes import DEEPEST, Node, TooDeepError, Tree, walk
from bot.reading.notations.yaml_trees import parse_yaml

__all__ = ["DEEPEST", "Node", "TooDeepError", "Tree", "parse_json", "parse_tree", "walk"]


def parse_tree(text: str) -> Tree | None:
    """Return the tree of a YAML or JSON text; None if it is neither a map nor a list.

    Raises:
        TooDeepError: it is nested too deeply or has too many nodes.
    """
    if re.match(r"\s*[{\[]", text):
        return parse_json(text)
    return parse_yaml(text)
