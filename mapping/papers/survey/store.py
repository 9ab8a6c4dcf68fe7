"""Where does an asked-for package stand, and where is its file? Built once, kept under its hash, checked when sent.

A kept file holds nothing that the version does not: deleting the folder costs only the time of building again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from layers.errors import DatNgheError
from mapping.papers.archive import sha256_of
from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey.choice import PackageChoice, choice_from
from mapping.papers.survey.progress import Progress, Tell
from mapping.papers.survey_package import survey_package
from planning.people.models import User
from planning.proposals.models import SurveyOrder, ZoneVersion
from planning.proposals.services import record_package

FOLDER = "packages"
# A package nobody has begun by then waits for a worker that does not run.
SILENT = timedelta(minutes=3)
# One that was begun tells of every content and file; none takes nearly as long, so its worker was ended.
QUIET = timedelta(seconds=45)
# How long a package made in the house is kept; that of a living survey link is kept as long as the link lives.
KEPT_FOR = timedelta(days=30)
# A file younger than this may belong to a build whose row is not written yet.
FRESH = timedelta(hours=1)


def ask_for_package(
    user: User, version: ZoneVersion, choice: PackageChoice, *, order: SurveyOrder | None = None
) -> PackageBuild:
    """Note that *user* wants the package, for the team of *order* when there is one; nothing is built yet."""
    return PackageBuild.objects.create(version=version, choice=choice.stored, order=order, asked_by=user)


def choice_of(build: PackageBuild) -> PackageChoice:
    """Return the choice behind a build."""
    return choice_from(build.choice)


def is_silent(build: PackageBuild) -> bool:
    """Tell whether nothing more is expected: no worker took the build up, or the one that did was ended meanwhile."""
    if build.state != BuildState.QUEUED:
        return False
    told = build.progress.get("at")
    if told:
        return timezone.now() - datetime.fromisoformat(told) > QUIET
    return timezone.now() - build.asked_at > SILENT


def build_now(build: PackageBuild) -> PackageBuild:
    """Build, verify, keep and put on record what was asked for; a refusal is kept with its sentence.

    Building twice ends the same: a finished build is left as it is.
    """
    if build.state == BuildState.DONE:
        return build
    tell = _telling(build)
    tell(Progress())
    try:
        package = survey_package(build.version, choice_of(build), tell)
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
    build.progress = {}
    build.save()
    return build


def _telling(build: PackageBuild) -> Tell:
    """Return what writes down how far *build* is and when that was, for pages that wait for it."""
    row = PackageBuild.objects.filter(pk=build.pk)

    def tell(progress: Progress) -> None:
        row.update(progress={**progress.stored, "at": timezone.now().isoformat()})

    return tell


def is_kept(build: PackageBuild) -> bool:
    """Tell whether the file of a finished build is there, without reading it."""
    return default_storage.exists(_name(build.sha256))


def kept_file(build: PackageBuild) -> bytes | None:
    """Return the file of a finished build, None when it was cleared away; a file that is another one is deleted."""
    name = _name(build.sha256)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name, "rb") as kept:
        content: bytes = kept.read()
    if sha256_of(content) == build.sha256:
        return content
    default_storage.delete(name)
    return None


def clear_packages(now: datetime) -> int:
    """Delete kept packages that no living survey link and no build of the last 30 days needs; return how many.

    Whoever asks for one of them again waits for its building: nothing is lost but time.
    """
    if not default_storage.exists(FOLDER):
        return 0
    done = PackageBuild.objects.filter(state=BuildState.DONE)
    living = done.filter(order__revoked_at__isnull=True, order__expires_at__gt=now)
    recent = done.filter(asked_at__gt=now - KEPT_FOR)
    needed = {_name(sha256) for sha256 in (living | recent).values_list("sha256", flat=True)}
    cleared = 0
    for each in default_storage.listdir(FOLDER)[1]:
        name = f"{FOLDER}/{each}"
        if name not in needed and default_storage.get_modified_time(name) < now - FRESH:
            default_storage.delete(name)
            cleared += 1
    return cleared


def _keep(sha256: str, content: bytes) -> None:
    if not default_storage.exists(_name(sha256)):
        default_storage.save(_name(sha256), ContentFile(content))


def _name(sha256: str) -> str:
    return f"{FOLDER}/{sha256}.zip"
