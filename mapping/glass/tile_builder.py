"""How do tiles get built while an edition is staged? By registering with the ground, which knows no tiles."""

from layers.derived import Builder, register_builder
from mapping.glass.tile_tables import build_tiles, drop_tiles

register_builder(Builder("tiles", build_tiles, drop_tiles))
