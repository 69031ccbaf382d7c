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
