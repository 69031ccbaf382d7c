"""A tree of arguments from flat rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    parent_id: int | None
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A node in reading order. is_locked: it, or anything above it, is."""

    node: Node
    depth: int
    is_locked: bool


def reading_order(nodes: Iterable[Node]) -> Iterator[Placed]:
    """Each node after its parent and before its parent's next child; siblings as given.

    Without recursion, as a thread may be deeper than Python's stack. A node whose parent is not
    among `nodes` is left out with all that is under it.
    """
    children: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        children[node.parent_id].append(node)
    waiting = [Placed(node, 0, node.is_locked) for node in reversed(children[None])]
    while waiting:
        placed = waiting.pop()
        yield placed
        waiting.extend(
            Placed(child, placed.depth + 1, placed.is_locked or child.is_locked)
            for child in reversed(children[placed.node.id])
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A node that is drawn, with those under it. hidden: how many of its own answers are not."""

    node: Node
    is_locked: bool
    children: list["Shown"]
    hidden: int = 0


def first_of(
    nodes: Iterable[Node], *, under: int | None, after: int, limit: int
) -> tuple[list[Shown], int]:
    """At most `limit` nodes under a node (None: the motion), level by level, siblings as given.

    after: of the answers to `under`, those up to this id are left out.
    Returns: (what is drawn, how many answers to `under` come after the last of it).
    """
    children: dict[int | None, list[Node]] = defaultdict(list)
    known: dict[int, Node] = {}
    for node in nodes:
        known[node.id] = node
        children[node.parent_id].append(node)
    above = [] if under is None else [known[under]]
    while above and above[-1].parent_id is not None:
        above.append(known[above[-1].parent_id])
    is_closed = any(node.is_locked for node in above)
    waiting = [node for node in children[under] if node.id > after]
    tops = [_shown(node, is_closed=is_closed) for node in waiting[:limit]]
    room, level = limit - len(tops), tops
    while level:
        deeper: list[Shown] = []
        for parent in level:
            answers = children[parent.node.id]
            drawn = [_shown(node, is_closed=parent.is_locked) for node in answers[:room]]
            room -= len(drawn)
            deeper += drawn
            parent.children.extend(drawn)
        level = deeper
    return [_counted(top, children) for top in tops], len(waiting) - len(tops)


def _shown(node: Node, *, is_closed: bool) -> Shown:
    return Shown(node, is_closed or node.is_locked, [])


def _counted(shown: Shown, children: dict[int | None, list[Node]]) -> Shown:
    """Recursion goes as deep as what is drawn, at most `limit`."""
    drawn = [_counted(child, children) for child in shown.children]
    return Shown(
        shown.node, shown.is_locked, drawn, len(children[shown.node.id]) - len(shown.children)
    )
