"""The AWS CLI: s3, athena, glue and firehose."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from conftest import BUCKET, DATABASE


def aws(*arguments):
    done = subprocess.run(["aws", *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_s3_ls_lists_the_lake():
    assert "PRE dt=2026-03-01/" in aws("s3", "ls", f"s3://{BUCKET}/readings/")
    assert f" {BUCKET}\n" in aws("s3", "ls")


def test_s3_cp_copies_both_ways(prefix, tmp_path):
    source = tmp_path / "in.txt"
    source.write_text("hello ☀\n")
    aws("s3", "cp", str(source), f"s3://{BUCKET}/{prefix}in.txt")
    aws("s3", "cp", f"s3://{BUCKET}/{prefix}in.txt", f"s3://{BUCKET}/{prefix}copy.txt")
    aws("s3", "cp", f"s3://{BUCKET}/{prefix}copy.txt", str(tmp_path / "out.txt"))
    assert (tmp_path / "out.txt").read_text() == "hello ☀\n"
    aws("s3", "rm", "--recursive", f"s3://{BUCKET}/{prefix}")
    assert subprocess.run(["aws", "s3", "ls", f"s3://{BUCKET}/{prefix}"], capture_output=True).stdout == b""


def test_s3_sync_copies_what_is_new_and_removes_what_is_gone(prefix, tmp_path):
    for name in ("a/1.txt", "a/2.txt", "b.txt"):
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        # S3 returns times in whole seconds: a file written in the same second would count as changed later.
        os.utime(file, (1_772_323_200, 1_772_323_200))
    aws("s3", "sync", str(tmp_path / "in"), f"s3://{BUCKET}/{prefix}")
    assert aws("s3", "sync", str(tmp_path / "in"), f"s3://{BUCKET}/{prefix}") == ""
    (tmp_path / "in" / "b.txt").unlink()
    assert "delete: " in aws("s3", "sync", "--delete", str(tmp_path / "in"), f"s3://{BUCKET}/{prefix}")
    aws("s3", "sync", f"s3://{BUCKET}/{prefix}", str(tmp_path / "out"))
    assert sorted(str(file.relative_to(tmp_path / "out")) for file in Path(tmp_path / "out").rglob("*.txt")) == [
        "a/1.txt",
        "a/2.txt",
    ]


def test_athena_runs_a_query():
    started = json.loads(
        aws(
            "athena", "start-query-execution", "--output", "json",
            "--query-string", "SELECT count(*) AS n FROM readings WHERE dt = '2026-03-02'",
            "--query-execution-context", f"Database={DATABASE}",
        )
    )  # fmt: skip
    query = started["QueryExecutionId"]
    for _ in range(100):
        state = aws(
            "athena", "get-query-execution", "--query-execution-id", query,
            "--query", "QueryExecution.Status.State", "--output", "text",
        ).strip()  # fmt: skip
        if state not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.1)
    assert state == "SUCCEEDED"
    texts = aws("athena", "get-query-results", "--query-execution-id", query, "--output", "text")
    assert "2120" in texts.split()


def test_glue_lists_tables():
    tables = json.loads(aws("glue", "get-tables", "--database-name", DATABASE, "--output", "json"))["TableList"]
    assert {"readings", "readings_log"} <= {table["Name"] for table in tables}


def test_firehose_takes_a_record():
    put = aws(
        "firehose", "put-record", "--delivery-stream-name", "sluice-delivery", "--output", "json",
        "--record", '{"Data":"no reading"}',
    )  # fmt: skip
    assert json.loads(put)["RecordId"]


def test_a_wrong_key_is_refused(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    with pytest.raises(AssertionError, match="InvalidAccessKeyId"):
        aws("s3", "ls", f"s3://{BUCKET}/")
