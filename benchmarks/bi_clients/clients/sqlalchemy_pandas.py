import pandas
from rounds import read_in_rounds
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


def ask_all(file, questions):
    engine = create_engine(f"duckdb:///{file}?access_mode=read_only", poolclass=NullPool)
    with engine.connect() as con:
        return [pandas.read_sql(text(question), con).values.tolist() for question in questions]


read_in_rounds(ask_all)
