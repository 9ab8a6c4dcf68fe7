"""Which addresses does the glass answer? Tiles, map settings, snapping."""

from django.urls import path

from mapping.glass.map_settings import map_settings
from mapping.glass.snap import snap
from mapping.glass.tiles import tile

app_name = "glass"
urlpatterns = [
    path("tiles/<slug:layer>/<int:edition>/<int:z>/<int:x>/<int:y>.mvt", tile, name="tile"),
    path("api/map/", map_settings, name="map_settings"),
    path("api/snap/", snap, name="snap"),
]
