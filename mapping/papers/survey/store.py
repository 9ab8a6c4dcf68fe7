"""Where does an asked-for package stand, and where is its file? Built once, kept under its hash, checked when sent.

A kept file holds nothing that the version does not: deleting the folder costs only the time of building again.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from layers.errors import DatNgheError, NotFound
from mapping.papers.archive import sha256_of
from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey.choice import PackageChoice, package_choice
from mapping.papers.survey_package import survey_package
from planning.people.models import User
from planning.proposals.models import ZoneVersion
from planning.proposals.services import record_package


def ask_for_package(user: User, version: ZoneVersion, choice: PackageChoice) -> PackageBuild:
    """Note that *user* wants the package; nothing is built yet."""
    return PackageBuild.objects.create(
        version=version,
        choice={"contents": sorted(choice.contents), "srid": choice.zone, "paper": choice.paper},
        asked_by=user,
    )


def choice_of(build: PackageBuild) -> PackageChoice:
    """Return the choice behind a build."""
    return package_choice(build.choice["contents"], build.choice["srid"], build.choice["paper"])


def build_now(build: PackageBuild) -> PackageBuild:
    """Build, verify, keep and put on record what was asked for; a refusal is kept with its sentence.

    Building twice ends the same: a finished build is left as it is.
    """
    if build.state == BuildState.DONE:
        return build
    try:
        package = survey_package(build.version, choice_of(build))
        _keep(package.sha256, package.content)
        record_package(
            build.asked_by,
            build.version,
            contents=build.choice["contents"],
            srid=int(build.choice["srid"]),
            sha256=package.sha256,
        )
    except DatNgheError as refused:
        build.state = BuildState.FAILED
        build.problem = {
            "code": refused.code,
            "message": refused.message,
            "where": refused.where,
            "todo": refused.todo,
        }
    else:
        build.state, build.problem = BuildState.DONE, {}
        build.filename, build.sha256, build.size = package.filename, package.sha256, len(package.content)
        build.files = [list(each) for each in package.files]
    build.save()
    return build


def kept_package(build: PackageBuild) -> bytes:
    """Return the file of a finished build; when it was cleared away, build it again.

    Raises NotFound when the build is not finished, or when the file, built again, would be another one: the procedure
    has moved on since, and a new package must be asked for.
    """
    if build.state != BuildState.DONE:
        raise NotFound(_("This package is not ready."), todo=_("Open its page; it says how far the work is."))
    name = _name(build.sha256)
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as kept:
            content: bytes = kept.read()
        if sha256_of(content) == build.sha256:
            return content
        default_storage.delete(name)
    package = survey_package(build.version, choice_of(build))
    if package.sha256 != build.sha256:
        raise NotFound(
            _("This package was cleared away, and today it would be another one: the procedure has moved on."),
            where=build.filename,
            todo=_("Make a new package."),
        )
    _keep(package.sha256, package.content)
    return package.content


def _keep(sha256: str, content: bytes) -> None:
    if not default_storage.exists(_name(sha256)):
        default_storage.save(_name(sha256), ContentFile(content))


def _name(sha256: str) -> str:
    return f"packages/{sha256}.zip"
