#!/usr/bin/env python3
"""`composure audit` on a Spark cluster: the same binary, once for each partition, and the same tables.

usage: audit.py COMPOSURE LINES OUT [--partitions N]

COMPOSURE is the command, at the same path on every worker. LINES is what `composure audit` reads from standard input, one
JSON object a line: a file, a folder or a pattern that Spark can read. OUT gets `replies` and `findings`, as Parquet with the
columns of the single process's tables, and `rows`, from which they are made.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, IntegerType, StringType, StructField, StructType, TimestampType

FINDING = StructType(
    [
        StructField("rule", StringType()),
        StructField("severity", StringType()),
        StructField("start", IntegerType()),
        StructField("end", IntegerType()),
        StructField("text", StringType()),
    ]
)


def columns(composure: str) -> StructType:
    """Asks the command which columns a reply has: the checklist's are its own business."""
    probe = json.dumps({"id": "probe", "draft": "Hello"}) + "\n"
    done = subprocess.run([composure, "audit", "--rows"], input=probe, capture_output=True, text=True, check=True)
    special = {"date": TimestampType(), "findings": ArrayType(FINDING)}
    kinds = {int: IntegerType(), str: StringType()}
    row = json.loads(done.stdout)
    return StructType([StructField(name, special.get(name) or kinds[type(value)]) for name, value in row.items()])


def rows(spark: SparkSession, composure: str, lines: str, partitions: int) -> DataFrame:
    """A row a reply, its findings as a list; the replies are reviewed once whenever it is computed."""
    text = spark.sparkContext.textFile(lines).repartition(partitions)
    # It ends with 2 where a line could not be read, which must not stop the others; anything else is a failure.
    mapper = f"{shlex.quote(composure)} audit --rows || [ $? -eq 2 ]"
    answers = text.pipe(f"sh -c {shlex.quote(mapper)}", checkCode=True)
    return spark.read.schema(columns(composure)).json(answers)


def audit(spark: SparkSession, composure: str, lines: str, out: str, partitions: int) -> tuple[DataFrame, DataFrame]:
    """Writes `replies` and `findings` to a folder, and returns them as they were written."""
    rows(spark, composure, lines, partitions).write.mode("overwrite").parquet(f"{out}/rows")
    reviewed = spark.read.parquet(f"{out}/rows")
    reviewed.drop("findings").write.mode("overwrite").parquet(f"{out}/replies")
    each = reviewed.select("id", "date", "agent", F.explode("findings").alias("finding"))
    each.select("id", "date", "agent", "finding.*").write.mode("overwrite").parquet(f"{out}/findings")
    return spark.read.parquet(f"{out}/replies"), spark.read.parquet(f"{out}/findings")


def session(name: str) -> SparkSession:
    """A session of the cluster that spark-submit names, else of this machine; times are UTC, as in the tables."""
    return SparkSession.builder.appName(name).config("spark.sql.session.timeZone", "UTC").getOrCreate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("composure")
    parser.add_argument("lines")
    parser.add_argument("out")
    parser.add_argument("--partitions", type=int, default=8)
    arguments = parser.parse_args()
    spark = session("composure audit")
    replies, findings = audit(spark, arguments.composure, arguments.lines, arguments.out, arguments.partitions)
    given = spark.sparkContext.textFile(arguments.lines).filter(lambda line: line.strip()).count()
    hot = F.sum((F.col("heat") >= 60).cast("int"))
    of_agent = [F.count("*").alias("replies"), F.avg("heat").alias("mean heat"), hot.alias("hot")]
    replies.groupBy("agent").agg(*of_agent).orderBy(F.desc("mean heat")).show(20, truncate=False)
    findings.groupBy("rule").count().orderBy(F.desc("count")).show(50, truncate=False)
    print(f"{replies.count()} replies of {given} lines, {findings.count()} findings")
    spark.stop()


if __name__ == "__main__":
    main()
