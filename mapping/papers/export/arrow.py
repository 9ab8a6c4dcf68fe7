"""How do rows reach GDAL without being held all at once? As a stream of Arrow batches (the Arrow C stream interface).

It builds no Arrow arrays by a library: the one that could (pyarrow) weighs more than all of GDAL, and five column types
are all that leaves this house. See https://arrow.apache.org/docs/format/CStreamInterface.html.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

NULLABLE = 2


@dataclass(frozen=True)
class ArrowField:
    """Name a column and its format: ``u`` text, ``z`` bytes, ``l`` integer, ``g`` double, ``b`` bool, ``tdD`` day."""

    name: str
    format: str


@dataclass(frozen=True)
class ArrowColumn:
    """Hold one column of a batch: its buffers as NumPy arrays in Arrow's order (validity or None first), its gaps."""

    length: int
    nulls: int
    buffers: tuple[Any, ...]


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_ReleaseSchema = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))
_ReleaseArray = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))
_ReleaseStream = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))
_GetSchema = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))
_GetNext = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))
_GetLastError = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))

_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)),
    ("release", _ReleaseSchema),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)),
    ("release", _ReleaseArray),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", _GetSchema),
    ("get_next", _GetNext),
    ("get_last_error", _GetLastError),
    ("release", _ReleaseStream),
    ("private_data", ctypes.c_void_p),
]

# What the consumer still reads: by a number that travels in private_data until the consumer releases it.
_held: dict[int, Any] = {}
_numbers = count(1)


def _hold(what: Any) -> int:
    number = next(_numbers)
    _held[number] = what
    return number


def _release(pointer: Any) -> None:
    """Let go of a structure and of its children, and mark them released as the interface asks."""
    one = pointer.contents
    for index in range(one.n_children):
        child = one.children[index]
        if child.contents.release:
            child.contents.release(child)
    _held.pop(one.private_data, None)
    one.release = type(one.release)()


_release_schema = _ReleaseSchema(_release)
_release_array = _ReleaseArray(_release)


class ArrowStream:
    """Hand batches to a consumer of the Arrow PyCapsule protocol, one at a time, each let go before the next.

    *batches* yields one tuple of columns per batch, in the order of *fields*. What goes wrong while a batch is made is
    kept in `error`: the consumer only learns that the stream ended badly.
    """

    def __init__(self, fields: Sequence[ArrowField], batches: Iterator[Sequence[ArrowColumn]]) -> None:
        self._fields = tuple(fields)
        self._batches = batches
        self.error: BaseException | None = None
        self._stream = _Stream(
            _GetSchema(self._guarded(self._give_schema)),
            _GetNext(self._guarded(self._give_next)),
            _GetLastError(lambda _stream: str(self.error or "").encode()),
            _ReleaseStream(_ended),
            None,
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """Return the stream as a capsule; this object must outlive its use."""
        make = ctypes.pythonapi.PyCapsule_New
        make.restype = ctypes.py_object
        make.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
        return make(ctypes.addressof(self._stream), b"arrow_array_stream", None)

    def _guarded(self, fill: Callable[[Any], None]) -> Callable[[Any, Any], int]:
        def call(_stream: Any, out: Any) -> int:
            try:
                fill(out.contents)
            except BaseException as problem:  # noqa: BLE001 - nothing may be raised through C; the caller raises it again
                self.error = problem
                return errno.EIO
            return 0

        return call

    def _give_schema(self, out: _Schema) -> None:
        children = [_Schema() for _field in self._fields]
        for child, field in zip(children, self._fields, strict=True):
            _fill_schema(child, field.format, field.name, [])
        _fill_schema(out, "+s", "", children)

    def _give_next(self, out: _Array) -> None:
        columns = next(self._batches, None)
        if columns is None:
            out.release = _ReleaseArray()  # the end of the stream
            return
        children = [_Array() for _column in columns]
        for child, column in zip(children, columns, strict=True):
            _fill_array(child, column, [])
        _fill_array(out, ArrowColumn(columns[0].length, 0, (None,)), children)


def _ended(stream: Any) -> None:
    stream.contents.release = _ReleaseStream()


def _fill_schema(out: _Schema, kind: str, name: str, children: list[_Schema]) -> None:
    pointers = (ctypes.POINTER(_Schema) * len(children))(*(ctypes.pointer(child) for child in children))
    texts = (kind.encode(), name.encode())
    out.format, out.name = texts
    out.metadata = None
    out.flags = NULLABLE
    out.n_children = len(children)
    out.children = ctypes.cast(pointers, ctypes.POINTER(ctypes.POINTER(_Schema)))
    out.dictionary = None
    out.release = _release_schema
    out.private_data = _hold((texts, pointers, children))


def _fill_array(out: _Array, column: ArrowColumn, children: list[_Array]) -> None:
    pointers = (ctypes.POINTER(_Array) * len(children))(*(ctypes.pointer(child) for child in children))
    buffers = (ctypes.c_void_p * len(column.buffers))(
        *(None if buffer is None else buffer.ctypes.data for buffer in column.buffers)
    )
    out.length, out.null_count, out.offset = column.length, column.nulls, 0
    out.n_buffers = len(column.buffers)
    out.n_children = len(children)
    out.buffers = ctypes.cast(buffers, ctypes.POINTER(ctypes.c_void_p))
    out.children = ctypes.cast(pointers, ctypes.POINTER(ctypes.POINTER(_Array)))
    out.dictionary = None
    out.release = _release_array
    out.private_data = _hold((column.buffers, buffers, pointers, children))
