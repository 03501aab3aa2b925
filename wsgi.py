"""The WSGI entry point: ``gunicorn wsgi:application``."""

from app import create_app
from app.config import Config

application = create_app(Config.from_env())
