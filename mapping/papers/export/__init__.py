"""How do lists and layers leave the house? `stream` writes any query as a table or a map file, with flat memory.

It knows no list: the desks bring the query and its columns, and have asked who may read it.
"""

from mapping.papers.export.columns import Column, Kind, checked
from mapping.papers.export.listed import listed
from mapping.papers.export.query import Query
from mapping.papers.export.sheet_file import Sheet
from mapping.papers.export.take_home import PLACELESS, TYPES, Export, formats_of, stream, workbook

__all__ = [
    "PLACELESS",
    "TYPES",
    "Column",
    "Export",
    "Kind",
    "Query",
    "Sheet",
    "checked",
    "formats_of",
    "listed",
    "stream",
    "workbook",
]
