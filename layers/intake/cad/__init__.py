"""How does a CAD drawing become boundaries? DXF and DGN v7, read in the reader child, joined to rings there.

Nothing here imports Django or decides where the drawing lies: the parent asks that as of any other file.
"""
