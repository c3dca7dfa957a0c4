import logging
import os
import tempfile
from pathlib import Path

from rounds import read_in_rounds

folder = tempfile.mkdtemp()
config = Path(folder) / "superset_config.py"
config.write_text(
    f'SECRET_KEY = "of-a-throw-away-superset"\nSQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"\n'
)
os.environ["SUPERSET_CONFIG_PATH"] = str(config)
logging.disable(logging.ERROR)  # it has no tables to log its own use in

from superset.app import create_app  # noqa: E402  it reads the setting above


def ask_all(file, questions):
    database = Database(database_name="Satu", sqlalchemy_uri=f"duckdb:///{file}?access_mode=read_only")
    assert database.db_engine_spec.engine_name == "DuckDB"
    return [database.get_df(question).values.tolist() for question in questions]


with create_app().app_context():
    from superset.models.core import Database

    read_in_rounds(ask_all)
