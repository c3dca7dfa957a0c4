import csv
import io
import subprocess
import sys
from pathlib import Path

from rounds import read_in_rounds


def ask_all(file, questions):
    home = str(Path(file).parents[2])
    answers = []
    for question in questions[:2]:
        words = [sys.executable, "-m", "pipelines", "query", "--format", "csv", "--home", home, question]
        said = subprocess.run(words, capture_output=True, text=True, check=True)
        answers.append(list(csv.reader(io.StringIO(said.stdout)))[1:])
    return answers


read_in_rounds(ask_all)
