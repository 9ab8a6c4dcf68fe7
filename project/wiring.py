"""Which event of a lower floor starts which job of an upper one? The only place that knows both."""
