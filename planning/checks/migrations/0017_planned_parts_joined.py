"""Put planned parts together, and find what is left of a zone, with every test of an overlay."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_joined`` and ``check_left_over``, and the questions that use them."""

    dependencies = [("checks", "0016_nearest_piece_of_the_edge")]

    operations = [*install(SQL, "check_joined", "check_left_over", "check_green_strip", "check_facts")]
