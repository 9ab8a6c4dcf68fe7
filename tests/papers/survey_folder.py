"""How do tests look into a survey package? Unpacked into a folder, with the made version beside it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from mapping.papers.survey.choice import DEFAULT, PackageChoice
from mapping.papers.survey_package import survey_package
from planning.proposals.models import ZoneVersion


def unpacked(version: ZoneVersion, folder: Path, choice: PackageChoice = DEFAULT) -> Path:
    """Build the package of *version* and unpack it below *folder*; return its own folder."""
    with zipfile.ZipFile(io.BytesIO(survey_package(version, choice).content)) as archive:
        archive.extractall(folder)
        return folder / archive.namelist()[0].partition("/")[0]
