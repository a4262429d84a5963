"""Connections (section 6 of the format)."""

from __future__ import annotations

import pytest

from tests.warehouse.datafiles.written import connection

CERTIFICATE = "KAFKA_SSL_CA_PEM >\n    -----BEGIN CERTIFICATE-----\n    abc\n    -----END CERTIFICATE-----\n"


def test_a_connection_to_kafka_is_read() -> None:
    text = (
        "TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS one:9092,two:9092\nKAFKA_SECURITY_PROTOCOL SASL_SSL\n"
        'KAFKA_SASL_MECHANISM PLAIN\nKAFKA_KEY {{ tb_secret("KEY") }}\nKAFKA_SECRET {{tb_secret("SECRET", "x")}}\n'
    )
    found, findings = connection(text + CERTIFICATE, secrets={"KEY": "k"})
    assert findings == []
    assert found is not None
    assert found.type == "kafka"
    assert found.settings == {
        "kafka_bootstrap_servers": "one:9092,two:9092",
        "kafka_security_protocol": "SASL_SSL",
        "kafka_sasl_mechanism": "PLAIN",
        "kafka_key": "k",
        "kafka_secret": "x",
        "kafka_ssl_ca_pem": "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
    }


def test_a_missing_secret_is_found_where_it_is_named() -> None:
    _, findings = connection("TYPE s3\nS3_REGION x\nS3_SECRET {{ tb_secret('S') }}\n", secrets={})
    assert findings == ["3:11: error: There is no secret S."]


def test_a_connection_to_a_bucket_is_read() -> None:
    found, findings = connection("TYPE S3\nS3_REGION eu\nS3_ARN arn:x\nDESCRIPTION a bucket\n")
    assert findings == []
    assert found is not None
    assert (found.type, found.settings) == ("s3", {"s3_region": "eu", "s3_arn": "arn:x"})


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("gcs", "GCS_HMAC_ACCESS_ID a\nGCS_HMAC_SECRET b\n"),
        ("gcs", "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON {}\n"),
        ("dynamodb", "DYNAMODB_ARN a\nDYNAMODB_REGION b\n"),
        ("postgres", "PG_HOST a\nPG_PORT 1\nPG_DATABASE d\nPG_USER u\nPG_PASSWORD p\nPG_SSL_MODE require\n"),
    ],
)
def test_connections_that_cannot_run_are_kept_and_warn(kind: str, lines: str) -> None:
    found, findings = connection(f"TYPE {kind}\n{lines}")
    assert found is not None
    assert len(found.settings) == lines.count("\n")
    assert findings == [
        f"1:1: warning: Tradewind has no connector of type {kind}: what uses cloud is kept, but does not run."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S3_REGION x\n", "1:1: error: A connection needs a TYPE."),
        ("TYPE rabbit\n", "1:6: error: There is no type of connection rabbit."),
        ("TYPE kafka\n", "1:1: error: A connection of type kafka needs KAFKA_BOOTSTRAP_SERVERS."),
        ("TYPE s3\nKAFKA_KEY x\n", "2:1: error: A connection of type s3 has no KAFKA_KEY."),
        ("TYPE s3\nS3_REGIN x\n", "2:1: error: S3_REGIN is no directive of a .connection file."),
        ("TYPE s3\nS3_REGION >\n    x\n", "2:1: error: S3_REGION takes a value on the same line, not a block."),
    ],
)
def test_what_is_wrong_in_a_connection_is_found(text: str, expected: str) -> None:
    assert connection(text)[1] == [expected]
