"""How many of one thing go with how many of another, in signs and in words, whatever verb joins them.

``pass → station is N:1``, ``Aufnahme -> Ort (n:1)``, "each dive is logged by exactly one diver, but a diver logs plenty
of dives", "one bench, many shots", "many samples per borehole". A sentence is read clause by clause, and only as a
whole: if one of its clauses says something else, it is not one about how many.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.facts import AnyFact, EntityFact, RelationFact
from bot.reading.catalogue import SERVICES, STACK
from bot.reading.names import name_key, singular
from bot.reading.prose import cardinality_forms as forms
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.types import value_type
from bot.reading.words import FUNCTION, NEGATIONS

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Bond:
    """One clause: of `source` there are many or one for each of `target`; the names as they were said."""

    source: str
    target: str
    many: bool = True
    others: bool = False
    may: bool = False
    role: str = ""


def read_cardinalities(text: str, statement: str, language: str, known: Set[str] = frozenset()) -> list[AnyFact]:
    """Return the relations of a sentence that says only how many go with how many; empty where it is another one.

    `known` are the keys of the names of things that were named before: between two of them an arrow alone joins.

    >>> said = "Each dive is logged by exactly one diver, but a diver logs plenty of dives."
    >>> [(f.source, f.target) for f in read_cardinalities(said, "s", "en") if isinstance(f, RelationFact)]
    [('dive', 'diver')]
    """
    said = forms.ASIDE.sub("", " ".join(text.split()))
    said = forms.OPENER.sub("", forms.COUNTED_ASIDE.sub(r"; \1", said)).strip(" .!")
    if (
        not 5 <= len(said) <= _LONGEST
        or said.endswith("?")
        or forms.LIMITED.search(said)
        or "/" in said.replace(" / ", "")
    ):
        return []
    if roles := forms.ROLES.match(said):
        return _in_two_roles(roles, statement, language)
    bonds = _whole(said)
    if not bonds and not forms.NOT_OURS.search(said):
        bonds = _pointed(said, known, language) or _signed(said) or _worded(said, language)
    return _facts(bonds, statement, language)


def _whole(said: str) -> list[_Bond]:
    """Read a sentence that says it all at once: "each peal: one band, one tower", a link table, steps of one kind."""
    if ones := forms.EACH_ONES.match(said):
        ends = re.split(r",? (?:and|und|plus|\+) |, ", ones["l"])
        return [_Bond(ones["a"], re.sub(rf"^{forms.ONE} ", "", end, flags=re.I)) for end in ends]
    if linked := forms.LINKED.match(said):
        link, a, b = (
            next(g for g in (linked[one + n] for n in ("", "2", "3", "4")) if g) for one in ("link", "a", "b")
        )
        return [_Bond(link, a), _Bond(link, b)]
    steps = forms.STEPS.match(said)
    if steps and steps["l"].lower() in forms.MANY_SIDE and steps["r"].lower() not in forms.MANY_SIDE:
        along = [one.strip() for one in re.split(r"-{1,2}>|→|=>|⇒", steps["chain"])]
        return [_Bond(along[n], along[n + 1]) for n in range(len(along) - 1)]
    return []


def _pointed(said: str, known: Set[str], language: str) -> list[_Bond]:
    """Return the links of ``peal -> band, peal -> tower``, if all of them are things that were named before."""
    found: list[_Bond] = []
    for part in re.split(r"[,;]\s+", said):
        match = forms.ARROW.fullmatch(part)
        ends = (match["a"], match["b"]) if match else ()
        if not ends or not all(name_key(owner_name(end, language) or end) in known for end in ends):
            return []
        found.append(_Bond(*ends, others="<" in part or "↔" in part))
    return found


def _signed(said: str) -> list[_Bond]:
    """Read what signs say, part by part: each part must be a relation or a remark."""
    found: list[_Bond] = []
    for part in re.split(r"[,;]\s+(?![nm1*]\b|many|one|es |we |wir )(?![^()]*\))", said):
        if match := forms.PREFIXED.match(part) or forms.COUNTS.match(part) or forms.SIGNED.match(part):
            found.append(_of_sides(match["a"], match["b"], match["l"], match["r"]))
        elif match := forms.ENDS.match(part):
            found.append(_of_sides(match["a"], match["b"] or match["b2"], match["l"], match["r"] or match["r2"]))
        elif chained := _chained(part):
            found += chained
        elif not (found and forms.REMARK.fullmatch(part)):
            return []
    return found


def _chained(part: str) -> list[_Bond]:
    """Return the links of ``site 1—n borehole 1—n sample``."""
    marks = list(forms.CHAIN.finditer(part))
    names: list[str] = []
    at = 0
    for mark in marks:
        names.append(part[at : mark.start()].strip())
        at = mark.end()
    names.append(part[at:].strip())
    bare = len(marks) == 1 and all(re.fullmatch(r"[1nm*]", marks[0][side], re.I) for side in "lr")
    if not (bare or len(marks) > 1) or not all(re.fullmatch(forms.N, name) for name in names):
        return []
    return [_of_sides(names[n], names[n + 1], mark["l"], mark["r"]) for n, mark in enumerate(marks)]


def _of_sides(one: str, other: str, left: str, right: str) -> _Bond:
    many, others = left.lower() in forms.MANY_SIDE, right.lower() in forms.MANY_SIDE
    return _Bond(other, one) if others and not many else _Bond(one, other, many, others)


def _worded(said: str, language: str) -> list[_Bond]:
    """Read clauses one by one; each must say how many, or be a remark."""
    found: list[_Bond] = []
    subject = ""
    waiting: re.Match[str] | None = None
    unread: list[str] = []
    at = 0
    for end, sign in [*((m.start(), m[0]) for m in forms.CUT.finditer(said)), (len(said), "")]:
        if end < at or said.count("(", at, end) != said.count(")", at, end):
            continue
        clause = forms.ADVERBS.sub("", said[at:end] + " ").strip(" ,;:")
        at = end + len(sign)
        if not clause:
            continue
        if (whole := forms.WHOLE.match(clause)) and not (
            subject and waiting is None and forms.ARTICLE.fullmatch(whole["q"])
        ):
            if subject and waiting is None:
                found.append(_bond(subject, whole["q"], whole["n"], ""))
            elif waiting is not None:
                found += _pair(waiting, whole)
                waiting = None
            else:
                waiting = whole
            subject = "" if ":" in sign or ";" in sign else subject
            continue
        got, subject = _clause(clause, subject, language)
        if got is None and not (found and forms.REMARK.fullmatch(clause)):
            unread.append(clause)
        found += [got] if got else []
        subject = "" if ":" in sign else subject
    return [] if waiting is not None or not all(_says_again(clause, found) for clause in unread) else found


def _says_again(clause: str, bonds: Sequence[_Bond]) -> bool:
    """Whether a clause is about the two things of a bond, in no words that are known: "shots sit on a bench"."""
    said = {name_key(word) for word in re.findall(r"[^\W\d_][\w-]+", clause)}
    return "(" not in clause and any({name_key(b.source), name_key(b.target)} <= said for b in bonds)


def _clause(clause: str, subject: str, language: str) -> tuple[_Bond | None, str]:  # noqa: PLR0911 - one exit per way
    if NEGATIONS & set(re.findall(r"[\w'’]+", clause.lower())) and not re.search(
        r"no more than|never more than", clause
    ):
        return None, subject
    if per := forms.PER.match(clause):
        return _bond(per["o"] or per["o2"], per["q"] or per["q2"], per["n"] or per["n2"], ""), subject
    if (weak := forms.WEAK.match(clause)) and (weak["lead"] or weak["d"] or language == "de"):
        return _Bond(weak["a"], weak["b"]), weak["a"]
    if child := forms.CHILD.match(clause) or forms.PARENT.match(clause) or forms.POINTS.match(clause):
        return _Bond(child["a"], child["b"]), child["a"]
    if subject and (more := forms.GOES_ON.match(clause)):
        return _Bond(subject, more["b"]), subject
    if (itself := forms.OF_ITSELF.match(clause)) and name_key(itself["a"]) == name_key(itself["b"]):
        return _Bond(itself["a"], itself["b"], may=True), itself["a"]
    found = forms.OBJECT.match(clause)
    if found is None:
        return None, subject
    head = found["head"]
    if forms.ARTICLE.fullmatch(found["q"]) and not forms.PREPOSED.search(head):
        return None, subject
    if re.search(rf" {forms.ONE} [^\W\d]", head, re.I) and not forms.ELIDED.match(head):
        return None, subject  # "is for one dancer with one tailor": more than one thing is said to be one
    elided = forms.ELIDED.match(head) if subject else None
    named = elided["a"] if elided else _subject(head, language)
    if not named and subject and re.match(r"(?:and |und )?[a-zäöüß]+(?: [a-zäöüß]+){0,4}$", head):
        named = subject
    if not named:
        return None, subject
    return _bond(named, found["q"], found["n"], head), named


def _subject(head: str, language: str) -> str:
    """Return the noun that stands before the verb of a clause; "" where none does."""
    lead = forms.LEAD.match(head)
    given = bool(lead and lead[0].strip())
    words = head[lead.end() if lead else 0 :].split()
    if len(words) < 2:
        return ""
    if given and words[1].lower() in forms.PLACES and len(words) == 2:
        return words[0]
    if language == "de":
        return words[0] if words[0][0].isupper() and words[1][0].islower() else ""
    verb = next((n for n, word in enumerate(words[1:3], 1) if word.lower() in forms.AUX), 0)
    if not verb:
        plural = singular(words[0].lower()) != words[0].lower()
        if given and not plural:
            verb = next(
                (n for n, word in enumerate(words[1:3], 1) if word.endswith("s") and not word.endswith("ss")), 0
            )
        elif plural and words[1].islower() and words[1] not in FUNCTION:
            verb = 1
    return " ".join(words[:verb]) if verb and words[0].lower() not in FUNCTION else ""


def _bond(owner: str, quantity: str, noun: str, head: str) -> _Bond:
    """Return what "each A has exactly one B" or "an A has many B" says."""
    if re.fullmatch(forms.ONE, quantity, re.I) and quantity not in forms.MANY_SIDE:
        return _Bond(owner, noun, may=bool(forms.MAY.search(f"{head} {quantity}")))
    return _Bond(noun, owner)


def _pair(one: re.Match[str], other: re.Match[str]) -> list[_Bond]:
    """Return what "one bench, many shots" says."""
    first, second = (not re.fullmatch(forms.ONE, m["q"], re.I) for m in (one, other))
    if first == second:
        return []
    return [_Bond(other["n"], one["n"]) if second else _Bond(one["n"], other["n"])]


def _in_two_roles(found: re.Match[str], statement: str, language: str) -> list[AnyFact]:
    """Return what "a match has a home team and an away team" says: two relations of one thing to another."""
    if name_key(found["b"]) != name_key(found["c"]):
        return []
    facts = _facts([_Bond(found["a"], found["b"])], statement, language)
    return [
        replace(fact, name=role) if isinstance(fact, RelationFact) else fact
        for role in (found["r"], found["r2"])
        for fact in facts
        if isinstance(fact, RelationFact) or role == found["r"]
    ]


def _facts(bonds: Sequence[_Bond], statement: str, language: str) -> list[AnyFact]:
    named: list[tuple[_Bond, str, str]] = []
    for bond in bonds:
        ends = [_thing(end, language) for end in (bond.source, bond.target)]
        if not all(ends):
            return []
        role, _, last = ends[1].rpartition(" ")
        if role and name_key(last) == name_key(ends[0]):
            named.append((replace(bond, role=role), ends[0], ends[0]))  # "a span knows its parent span"
        else:
            named.append((bond, ends[0], ends[1]))
    pairs = {(name_key(a), name_key(b)) for _, a, b in named}
    made: dict[tuple[str, ...], AnyFact] = {}
    for bond, source, target in named:
        a, b = name_key(source), name_key(target)
        both = (bond.many and bond.others) or (a != b and (b, a) in pairs)
        kind: Literal["many_to_one", "one_to_one", "many_to_many"] = (
            "many_to_many" if both else "many_to_one" if bond.many or bond.others else "one_to_one"
        )
        for name, said in ((source, bond.source), (target, bond.target)):
            plural = said if singular(said.lower()) != said.lower() else ""
            made.setdefault((name_key(name),), EntityFact(statement=statement, name=name, plural=plural))
        link = RelationFact(
            statement=statement,
            source=source,
            target=target,
            name=bond.role,
            cardinality=kind,
            required=False if bond.may or source == target else None,
        )
        made.setdefault((*sorted((a, b)), ""), link)
    return list(made.values())


def _thing(said: str, language: str) -> str:
    bare = said.strip(" `*")
    words = bare.lower().split()
    if not words or words[-1] in forms.NEVER or singular(words[-1]) in forms.NEVER or words[0] in FUNCTION:
        return ""
    if words[-1] in forms.OUTSIDE or (bare.lower() in SERVICES and not bare.islower()) or bare.lower() in STACK:
        return ""
    if (
        forms.ATTRIBUTE_ENDS.search(words[-1])
        or words[-1] in forms.ATTRIBUTES
        or singular(words[-1]) in forms.ATTRIBUTES
    ):
        return ""
    if value_type(bare) is not None and value_type(bare.lower()) is not None and "_" not in bare and len(words) == 1:
        return ""
    return owner_name(bare, language)
