"""All pages of accounts, by surface; the contents page of the application asks for no more."""

from flask import Flask

from app.accounts import account_views, front_views, import_views, officer_views, views
from app.accounts.contacts import admin_views as contact_admin_views
from app.accounts.contacts import views as contact_views
from app.accounts.kept import keeping, returning
from app.accounts.kept import views as kept_views
from app.accounts.proof import confirm_views, invitation_views, second_factor_views, single_sign_on_views
from app.accounts.rights import delegation_views
from app.accounts.rights import views as rights_views


def init_officer_pages(app: Flask) -> None:
    """Signing in, one's own account, officers and their rights."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(second_factor_views.blueprint)
    app.register_blueprint(confirm_views.blueprint)
    app.register_blueprint(invitation_views.blueprint)
    app.register_blueprint(single_sign_on_views.blueprint)
    app.register_blueprint(account_views.blueprint)
    app.register_blueprint(contact_views.blueprint)
    app.register_blueprint(contact_admin_views.blueprint)
    app.register_blueprint(officer_views.blueprint)
    app.register_blueprint(import_views.blueprint)
    app.register_blueprint(rights_views.blueprint)
    app.register_blueprint(delegation_views.blueprint)
    app.register_blueprint(kept_views.blueprint)
    keeping.init_keeping(app)
    returning.init_returning(app)


def init_front(app: Flask, surface: str) -> None:
    """The page behind the bare host name."""
    app.register_blueprint(front_views.officer_blueprint if surface == "officer" else front_views.blueprint)
