"""Guards of routes: deny by default.

Every view carries exactly one mark: ``public``, ``signed_in`` or ``requires(permission)``. A view without a mark is
refused. Who is asking is found by a function that the accounts package hands in through ``init_access``.

A sign-in may lack a step (a password to be set, a second factor to be given or enrolled): until it is done, every view
leads to the page of that step. A view marked ``fresh`` asks for the password again when it was given too long ago.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from flask import Flask, current_app, g, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app import clock
from app.errors import NotAllowed
from app.web import acting
from app.web.permissions import Permission

View = TypeVar("View", bound=Callable[..., object])
MARK = "langnghe_guard"
EVERYWHERE: frozenset[int] = frozenset()
FRESH = timedelta(minutes=10)


class Step(StrEnum):
    """What a sign-in still lacks; the value is the endpoint of the page where it is done."""

    SECOND_FACTOR = "second_factor.check"
    PASSWORD = "accounts.change_password"  # noqa: S105 - the name of a page
    ENROL = "second_factor.enrol"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a route asks of its caller. ``steps``: the missing steps with which it may be opened all the same."""

    is_public: bool = False
    permission: Permission | None = None
    steps: frozenset[Step] = frozenset()
    is_fresh: bool = False
    on_stale: Callable[[], tuple[str, int]] | None = None

    @property
    def policy(self) -> str:
        """The rule in words, for lists of routes."""
        if self.is_public:
            return "public"
        return "signed in" if self.permission is None else self.permission.value


@dataclass(frozen=True, slots=True)
class Actor:
    """The officer behind a request. ``scopes``: the root units of each permission; ``EVERYWHERE`` means all units."""

    officer_id: int
    full_name: str
    session_hash: bytes
    step: Step | None = None
    authenticated_at: datetime | None = None
    scopes: Mapping[Permission, frozenset[int]] = field(default_factory=dict)
    roles: Mapping[Permission, str] = field(default_factory=dict)

    @property
    def must_change_password(self) -> bool:
        """Whether a one-time password waits to be changed."""
        return self.step is Step.PASSWORD

    def is_fresh(self, now: datetime) -> bool:
        """Whether the officer proved who they are a short while ago."""
        return self.authenticated_at is not None and now - self.authenticated_at <= FRESH

    def has(self, permission: Permission) -> bool:
        """Whether the officer holds the permission in at least one unit."""
        return permission in self.scopes


def public(view: View) -> View:
    """Mark a view that anybody may open; ``tests/test_routes.py`` keeps the list short."""
    setattr(view, MARK, Guard(is_public=True))
    return view


def signed_in(view: View) -> View:
    """Mark a view for every officer whose sign-in is complete, such as their own sessions."""
    setattr(view, MARK, Guard())
    return view


def signed_in_at(*steps: Step) -> Callable[[View], View]:
    """Mark a view for every officer, also for one whose sign-in lacks one of these steps, such as signing out."""

    def mark(view: View) -> View:
        setattr(view, MARK, Guard(steps=frozenset(steps)))
        return view

    return mark


def requires(
    permission: Permission, *, fresh: bool = False, on_stale: Callable[[], tuple[str, int]] | None = None
) -> Callable[[View], View]:
    """Mark a view for officers who hold a permission; the view itself checks the unit.

    ``fresh`` is for acts that must not be done from a computer left alone: the password is asked for again. For a long
    form ``on_stale`` then draws its page once more, so that what was typed is not lost on the way to the password.
    """

    def mark(view: View) -> View:
        setattr(view, MARK, Guard(permission=permission, is_fresh=fresh, on_stale=on_stale))
        return view

    return mark


def fresh(view: View) -> View:
    """Mark a view of every officer that asks for the password again, such as taking off the second factor."""
    setattr(view, MARK, Guard(is_fresh=True))
    return view


def guard_of(view: Callable[..., object]) -> Guard | None:
    """The mark of a view, if it has one."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Guard) else None


def actor() -> Actor:
    """The officer behind the present request.

    Raises
    ------
    NotAllowed
        When nobody is signed in, which only a view marked public can meet.
    """
    found = g.get("actor")
    if not isinstance(found, Actor):
        raise NotAllowed("Ông/Bà cần đăng nhập để xem trang này.")
    return found


def require_everywhere(permission: Permission) -> None:
    """Refuse an officer who holds a permission in a part of the tree only: what is changed holds for all units.

    Raises
    ------
    NotAllowed
        For such an officer.
    """
    if actor().scopes.get(permission) != EVERYWHERE:
        raise NotAllowed("Việc này có hiệu lực với mọi đơn vị, nên chỉ người được giao quyền toàn hệ thống làm được.")


def init_access(
    app: Flask, identify: Callable[[], Actor | None], keep: Callable[[], str | None] = lambda: None
) -> None:
    """Install the guard in front of every view. ``identify`` tells who sent the request, or None.

    ``keep`` keeps a form whose officer has to sign in or give the password first, and tells the page where it can be
    sent after that; None when it cannot be kept.
    """
    public(app.view_functions["static"])

    @app.before_request
    def check() -> Response | None:
        acting.begin(None)
        view = app.view_functions.get(request.endpoint or "")
        if view is None:  # unknown address: the error page is public
            return None
        guard = guard_of(view)
        if guard is not None and guard.is_public:
            return None
        g.actor = identify()
        return _check_officer(guard, g.actor, keep)


def _check_officer(guard: Guard | None, who: Actor | None, keep: Callable[[], str | None]) -> Response | None:
    if guard is None:
        raise NotAllowed("Trang này chưa được cấp quyền cho ai.")
    if who is None:
        return redirect(_sign_in(guard, keep), 303)
    if who.step is not None and who.step not in guard.steps:
        wanted = request.full_path.rstrip("?") if request.method == "GET" and who.step is Step.SECOND_FACTOR else None
        return redirect(url_for(who.step.value, next=wanted), 303)
    if guard.permission is not None and not who.has(guard.permission):
        raise NotAllowed("Tài khoản của Ông/Bà không có quyền mở trang này.")
    if guard.is_fresh and not who.is_fresh(clock.now()):
        if guard.on_stale is not None and request.method == "POST":
            acting.begin(_role(guard, who))
            return make_response(*guard.on_stale())
        kept = keep() if request.method == "POST" and guard.permission is not None else None
        return redirect(url_for("confirm.confirm", next=kept or _way_back()), 303)
    acting.begin(_role(guard, who))
    return None


def _sign_in(guard: Guard, keep: Callable[[], str | None]) -> str:
    """The page to sign in on, which leads back to this page, or to what was typed into a form that came too late."""
    if request.method != "POST":
        return url_for("accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
    kept = keep() if guard.permission is not None else None
    return url_for("accounts.sign_in", next=kept, done="ended" if kept is None else "kept")


def _role(guard: Guard, who: Actor) -> str | None:
    """The role that opens this view, for the record of acts; for views of every officer all roles held."""
    if guard.permission is not None:
        return who.roles.get(guard.permission)
    names = {name for roles in who.roles.values() for name in roles.split(",")}
    return ",".join(sorted(names)) or None


def _way_back() -> str:
    """Where to go on after the password was asked for: this page, or for a post the page it was sent from."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    adapter = current_app.url_map.bind("localhost")
    path = request.path
    while path.count("/") > 1:
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return path
    return url_for("accounts.start")
