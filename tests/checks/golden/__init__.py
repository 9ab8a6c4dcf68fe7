"""Two hundred zones over a small province of their own, with the answers the engine gives; see docs/operators.md."""
