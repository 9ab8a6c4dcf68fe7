"""What does a corner table say, pasted or in a file? From cells to rings in the table's own coordinates, with remarks.

It never decides where on earth they lie: `layers.intake.candidates` ranks the coordinate systems, a person confirms.
"""
