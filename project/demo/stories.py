def load_proposals(*a): return "none yet"
