"""What leaves the house for the survey team? The parts of the survey package, one file per kind of content."""
