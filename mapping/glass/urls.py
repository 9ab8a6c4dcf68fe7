"""Which addresses does the glass answer? Tiles, map settings, snapping."""

from django.urls import path

from mapping.glass.map_settings import map_settings
from mapping.glass.screening_tiles import screening_tile
from mapping.glass.snap import snap
from mapping.glass.tiles import tile

app_name = "glass"
urlpatterns = [
    path("tiles/<slug:layer>/<int:edition>/<int:z>/<int:x>/<int:y>.mvt", tile, name="tile"),
    path(
        "tiles/sang-loc/<int:screening>/<int:round>/<int:z>/<int:x>/<int:y>.mvt", screening_tile, name="screening_tile"
    ),
    path("api/map/", map_settings, name="map_settings"),
    path("api/snap/", snap, name="snap"),
]
