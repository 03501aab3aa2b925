"""Guards of routes: deny by default.

Every view carries exactly one mark: ``public``, ``signed_in`` or ``requires(permission)``. A view without a mark is
refused at start. Who is asking is found by a function that the accounts package hands in through ``init_access``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import NotAllowed
from app.web.permissions import Permission

View = TypeVar("View", bound=Callable[..., object])
MARK = "langnghe_guard"
EVERYWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Guard:
    """What a route asks of its caller."""

    is_public: bool = False
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The officer behind a request. ``scopes``: the root units of each permission; ``EVERYWHERE`` means all units."""

    officer_id: int
    full_name: str
    session_hash: bytes
    must_change_password: bool = False
    scopes: Mapping[Permission, frozenset[int]] = field(default_factory=dict)

    def has(self, permission: Permission) -> bool:
        """Whether the officer holds the permission in at least one unit."""
        return permission in self.scopes


def public(view: View) -> View:
    """Mark a view that anybody may open; ``tests/test_routes.py`` keeps the list short."""
    setattr(view, MARK, Guard(is_public=True))
    return view


def signed_in(view: View) -> View:
    """Mark a view for every officer, such as signing out."""
    setattr(view, MARK, Guard())
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view for officers who hold a permission; the view itself checks the unit."""

    def mark(view: View) -> View:
        setattr(view, MARK, Guard(permission=permission))
        return view

    return mark


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


def init_access(app: Flask, identify: Callable[[], Actor | None]) -> None:
    """Install the guard in front of every view. ``identify`` tells who sent the request, or None."""
    public(app.view_functions["static"])

    @app.before_request
    def check() -> Response | None:
        view = app.view_functions.get(request.endpoint or "")
        if view is None:  # unknown address: the error page is public
            return None
        guard = guard_of(view)
        if guard is not None and guard.is_public:
            return None
        g.actor = identify()
        return _check_officer(guard, g.actor)


def _check_officer(guard: Guard | None, who: Actor | None) -> Response | None:
    if guard is None:
        raise NotAllowed("Trang này chưa được cấp quyền cho ai.")
    if who is None:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target), 303)
    if who.must_change_password and guard.permission is not None:
        return redirect(url_for("accounts.change_password"), 303)
    if guard.permission is not None and not who.has(guard.permission):
        raise NotAllowed("Tài khoản của Ông/Bà không có quyền mở trang này.")
    return None
