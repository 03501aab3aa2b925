"""The entry point: ``gunicorn wsgi:application``, and the file in which ``flask`` looks for its application."""

import os

from app import create_app
from app.config import Config

if os.environ.get("FLASK_RUN_FROM_CLI") == "true":  # `flask init` must work before there is a database
    from app.cli import create_command_app

    application = create_command_app()
else:
    application = create_app(Config.from_env())
