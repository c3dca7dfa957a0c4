import duckdb
from rounds import read_in_rounds


def ask_all(file, questions):
    with duckdb.connect(file, read_only=True) as con:
        return [con.execute(question).fetchall() for question in questions]


read_in_rounds(ask_all)
