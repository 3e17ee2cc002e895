#!/usr/bin/env python3
"""Holds the tables of `audit.py`, on real partitions, to those of the single process: the same rows, all of them.

usage: check.py COMPOSURE [REPLIES]

It runs on a local cluster: two executors, processes of their own as on two machines, everything on loopback. The
replies, 20,000 where not said, are put together from the shipped snippets and the examples of the rules, by chance
with a fixed seed. Fails where a row differs, or where all of the work went to one partition.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

from audit import audit, rows, session
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

ROOT = Path(__file__).resolve().parent.parent.parent
PARTITIONS = 8
CLUSTER = "local-cluster[2,1,1024]"


def texts(folder: str) -> list[str]:
    """The TOML files of a folder, in order."""
    return [path.read_text() for path in sorted((ROOT / folder).glob("*.toml"))]


def write_lines(file: Path, count: int) -> None:
    """Replies as JSON lines, some of them angry, some without agent or date, and one line that is none."""
    chance = random.Random(7)
    kind = [tomllib.loads(snippet)["text"].strip() for snippet in texts("src/snippets/shipped")]
    # They are TOML 1.1, which tomllib does not read; its strings are JSON's here.
    bad = [text for rule in texts("src/engine/rules") for text in re.findall(r'\bbad = ("(?:[^"\\]|\\.)*")', rule)]
    angry = [json.loads(text).replace("«", "").replace("»", "") for text in bad]
    with file.open("w") as out:
        for number in range(count):
            first = chance.choice(angry if chance.random() < 0.3 else kind)
            draft = f"Hi Gary,\n\n{first}\n\n{chance.choice(kind)}\n\nBest,\nJo"
            line: dict[str, Any] = {"id": f"r{number}", "draft": draft}
            if number % 7:
                line["agent"] = f"agent-{number % 7}@shop.example"
            if number % 11:
                line["date"] = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00:00+01:00"
            if number % 2:
                line["thread"] = [{"from": "customer", "text": "Where is my kettle? Can I have my money back?"}]
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.write("this line is no JSON\n")


def differences(one: DataFrame, other: DataFrame) -> int:
    """How many rows are in one of two tables only."""
    names = sorted(one.columns)
    if names != sorted(other.columns):
        raise SystemExit(f"columns differ: {names} and {sorted(other.columns)}")
    one, other = one.select(names), other.select(names)
    return one.exceptAll(other).count() + other.exceptAll(one).count()


def main() -> None:
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    composure, count = str(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) == 3 else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = folder / "replies.jsonl"
        write_lines(lines, count)
        begun = time.monotonic()
        done = subprocess.run([composure, "audit", lines, "--out", folder / "single"], capture_output=True, text=True)
        alone = time.monotonic() - begun
        if done.returncode != 2:
            raise SystemExit(f"the single process ended with {done.returncode}: {done.stderr}")
        here = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
        os.environ.update(here, PYSPARK_SUBMIT_ARGS=f"--master {CLUSTER} pyspark-shell")
        spark = session("composure audit, checked")
        begun = time.monotonic()
        replies, findings = audit(spark, composure, str(lines), str(folder / "spark"), PARTITIONS)
        spread = time.monotonic() - begun
        reviewed = rows(spark, composure, str(lines), PARTITIONS)
        sizes = [row["count"] for row in reviewed.groupBy(F.spark_partition_id()).count().collect()]
        print(f"single process: {done.stdout.split(';')[0]}; {alone:.1f} s")
        print(f"Spark: {replies.count()} replies, {findings.count()} findings; {spread:.1f} s")
        print(f"in {len(sizes)} partitions of {min(sizes)} to {max(sizes)} replies")
        # The driver is among them.
        executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
        print(f"on {executors} executors")
        wrong = {}
        for table, found in (("replies", replies), ("findings", findings)):
            wrong[table] = differences(found, spark.read.parquet(str(folder / "single" / f"{table}.parquet")))
        spark.stop()
    if any(wrong.values()) or executors != 2 or len(sizes) < PARTITIONS or sum(sizes) != count:
        raise SystemExit(f"rows that differ: {wrong}; executors: {executors}; partitions: {sizes}")
    print("every row is the same")


if __name__ == "__main__":
    main()
