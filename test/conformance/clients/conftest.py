"""Shared by the suites: the names of the local lake, and clients configured only by the environment."""

import os
import uuid

import boto3
import pytest

DATABASE = "sluice"
BUCKET = "sluice-lake"
WORK_GROUP = "sluice"
STAGING = f"s3://{BUCKET}/results/clients/"

if not os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://127.0.0.1:"):
    raise RuntimeError("AWS_ENDPOINT_URL must be the local endpoint: these tests write and delete.")


@pytest.fixture
def glue():
    return boto3.client("glue")


@pytest.fixture
def athena():
    return boto3.client("athena")


@pytest.fixture
def s3():
    return boto3.client("s3")


@pytest.fixture
def prefix():
    """A prefix of the lake's bucket that no other test uses."""
    return f"clients/{uuid.uuid4().hex}/"


@pytest.fixture
def name(glue):
    """A table name that no other test uses; whatever is created under it is dropped afterwards."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    yield name
    tables = glue.get_tables(DatabaseName=DATABASE, Expression=f"{name}.*")["TableList"]
    for table in tables:
        glue.delete_table(DatabaseName=DATABASE, Name=table["Name"])
