"""How do two reader children read one file? Every other batch each; their frames are put together as they stand in it.

The first one reads the head and says what the second needs to know. It decides nothing about what they may cost.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any

Frame = tuple[dict[str, Any], list[bytes]]
Frames = Generator[Frame, None, None]


def in_turns(first: Frames, ask_second: Callable[[dict[str, Any]], Frames]) -> Iterator[Frame]:
    """Yield the frames of one file in its order; *ask_second* is asked for the others when the first leaves some.

    A batch waits in the pipe of the child that has read it, so no more is in memory than one batch of each. Raises
    what either raises, in the order of the file.
    """
    with closing(first):
        for head, blobs in first:
            rest = head["start"].pop("rest", None) if "start" in head else None
            yield head, blobs
            if rest is not None:
                with closing(ask_second(rest)) as second:
                    yield from _alternately(first, second)


def _alternately(*both: Frames) -> Iterator[Frame]:
    ends: dict[Frames, list[dict[str, Any]]] = {}
    while running := [frames for frames in both if frames not in ends]:
        for frames in running:
            head, blobs = next(frames)  # a child that ends without having said so is refused by who listens to it
            if "end" in head:
                ends[frames] = head["end"]["notices"]
            else:
                yield head, blobs
    notices: list[dict[str, Any]] = []
    for notice in itertools.chain(*(ends[frames] for frames in both)):
        if notice not in notices:
            notices.append(notice)
    # what was said of single features, in their order; what was said of the file before it
    yield {"end": {"notices": sorted(notices, key=lambda notice: notice["params"].get("feature", 0))}}, []
