"""PyAthena against `sluice-emulator` in an empty folder: no contract, database or table exists beforehand."""

import os

import boto3
import pytest
from pyathena import connect
from pyathena.error import OperationalError


@pytest.fixture(scope="module")
def cursor():
    with connect(s3_staging_dir=os.environ["ATHENA_RESULTS"], poll_interval=0.05) as connection:
        yield connection.cursor()


@pytest.fixture(scope="module")
def table(cursor):
    boto3.client("s3").create_bucket(
        Bucket="fleet", CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]}
    )
    cursor.execute("CREATE DATABASE fleet")
    cursor.execute(
        "CREATE EXTERNAL TABLE fleet.readings (device string, celsius double, at timestamp) "
        "PARTITIONED BY (day string) STORED AS PARQUET LOCATION 's3://fleet/readings/'"
    )
    cursor.execute(
        "INSERT INTO fleet.readings VALUES ('a', 21.5, TIMESTAMP '2026-07-13 00:00:00', '2026-07-13'), "
        "('a', 23.5, TIMESTAMP '2026-07-13 01:00:00', '2026-07-13'), "
        "('b', 19.0, TIMESTAMP '2026-07-14 00:00:00', '2026-07-14')"
    )
    return "fleet.readings"


def test_databases_are_those_that_were_created(cursor, table):
    assert cursor.execute("SHOW DATABASES").fetchall() == [("fleet",)]


def test_rows_that_were_inserted_are_selected(cursor, table):
    rows = cursor.execute(f"SELECT device, avg(celsius), count(*) FROM {table} GROUP BY device ORDER BY device").fetchall()
    assert rows == [("a", 22.5, 2), ("b", 19.0, 1)]


def test_a_partition_prunes(cursor, table):
    assert cursor.execute(f"SELECT device FROM {table} WHERE day = '2026-07-14'").fetchall() == [("b",)]


def test_a_table_that_is_not_there_is_an_error(cursor, table):
    with pytest.raises(OperationalError, match="TABLE_NOT_FOUND"):
        cursor.execute("SELECT * FROM fleet.nothing")


def test_the_catalog_is_glues(table):
    columns = boto3.client("glue").get_table(DatabaseName="fleet", Name="readings")["Table"]["StorageDescriptor"]["Columns"]
    assert [column["Name"] for column in columns] == ["device", "celsius", "at"]
