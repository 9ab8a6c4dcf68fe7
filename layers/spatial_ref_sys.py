"""Does the database know the VN-2000 provincial zones? Upserts EPSG:9205–9218, which PostGIS 3.3 does not ship.

PostGIS resolves a row by authority and code first, so the texts only serve other clients; they carry the datum shift
of Decision 05/2007/QĐ-BTNMT with rotation signs in the position-vector convention (the decree prints coordinate frame).
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.state import StateApps
from django.db.utils import ProgrammingError

from layers.crs import STORAGE_ZONES, ZONES

# EPSG code -> central meridian in degrees: of the zones the house knows, those that PostGIS 3.3 lacks.
TM3_MERIDIANS: dict[int, float] = {srid: zone.meridian for srid, zone in ZONES.items() if 9205 <= srid <= 9218}

DATUM_SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"


def meridian_text(meridian: float) -> str:
    """Write a meridian as EPSG and surveyors do: 108.5 → ``108-30``."""
    degrees = int(meridian)
    return f"{degrees}-{round((meridian - degrees) * 60):02d}"


def proj4_text(meridian: float) -> str:
    """Return the proj4 definition of a TM-3 zone with the datum shift; without it coordinates are 225 m off."""
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=0.9999 +x_0=500000 +y_0=0 "
        f"+ellps=WGS84 +towgs84={DATUM_SHIFT} +units=m +no_defs"
    )


def wkt_text(srid: int, meridian: float) -> str:
    """Return the WKT 1 definition of a TM-3 zone."""
    return (
        f'PROJCS["VN-2000 / TM-3 {meridian_text(meridian)}",GEOGCS["VN-2000",DATUM["Vietnam_2000",'
        'SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        f'TOWGS84[{DATUM_SHIFT}],AUTHORITY["EPSG","6756"]],'
        'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
        'AUTHORITY["EPSG","4756"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
        f'PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",500000],'
        'PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],'
        f'AXIS["Northing",NORTH],AUTHORITY["EPSG","{srid}"]]'
    )


def upsert_sql() -> str:
    """Return the statement that inserts the zones a database lacks; a database administrator can run it as printed."""
    rows = ",\n".join(
        f"({srid}, 'EPSG', {srid}, '{wkt_text(srid, meridian)}', '{proj4_text(meridian)}')"
        for srid, meridian in TM3_MERIDIANS.items()
    )
    return (
        "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) VALUES\n"
        f"{rows}\nON CONFLICT (srid) DO NOTHING;"
    )


def insert_vn2000_zones(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Insert the missing zones; stop with the SQL for the administrator when this role may not write the table.

    Raises MigrationSchemaMissing, because every later geometry column depends on these rows.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM spatial_ref_sys WHERE srid = ANY(%s)", [list(TM3_MERIDIANS)])
        if cursor.fetchone()[0] == len(TM3_MERIDIANS):
            return
        cursor.execute("SELECT has_table_privilege(current_user, 'spatial_ref_sys', 'INSERT')")
        if not cursor.fetchone()[0]:
            raise MigrationSchemaMissing(
                "The database lacks the VN-2000 zones EPSG:9205–9218 and this role may not add them. "
                "Ask the database administrator to run, as superuser in this database:\n\n" + upsert_sql()
            )
        try:
            cursor.execute(upsert_sql())
        except ProgrammingError as error:
            raise MigrationSchemaMissing(f"Adding the VN-2000 zones failed: {error}\n\n{upsert_sql()}") from error


# A row without an authority: PostGIS then has nothing but the text, and the text has one operation in it.
PINNED = 900_000


def pinned_srid(srid: int) -> int:
    """Return the SRID under which SQL moves coordinates of a zone to WGS 84 by the pinned operation and no other.

    Under the zone's own code PostGIS picks an operation point by point (see `layers.crs`); this row leaves no choice.
    """
    return PINNED + srid


def pinned_sql() -> str:
    """Return the statement that inserts one pinned row for each zone; an administrator can run it as printed."""
    rows = ",\n".join(
        f"({pinned_srid(srid)}, NULL, NULL, '', '{proj4_text(zone.meridian)}')"
        for srid, zone in ZONES.items()
        if srid in STORAGE_ZONES
    )
    return (
        f"INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) VALUES\n{rows}\n"
        "ON CONFLICT (srid) DO UPDATE SET auth_name = NULL, auth_srid = NULL, srtext = '',"
        " proj4text = excluded.proj4text;"
    )


def insert_pinned_zones(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Insert the pinned rows; raise MigrationSchemaMissing with the SQL when this role may not write the table."""
    with schema_editor.connection.cursor() as cursor:
        try:
            cursor.execute(pinned_sql())
        except ProgrammingError as error:
            raise MigrationSchemaMissing(
                f"Adding the pinned zones failed: {error}\nAsk the database administrator to run:\n\n{pinned_sql()}"
            ) from error
