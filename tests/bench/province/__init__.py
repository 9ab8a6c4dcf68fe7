"""Where do benches get a province of a million parcels? From here: made once, reused while its generator is the same.

It holds the law, units, accounts, lists and clusters of the demo, but no proposals; those a bench makes itself.
"""

from tests.bench.province.build import Province, bench_province, full_size, statistics

__all__ = ["Province", "bench_province", "full_size", "statistics"]
