"""An S3 server of a test's own, in this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from moto.server import ThreadedMotoServer

BUCKET = "toko"
REGION = "ap-southeast-3"


@dataclass(frozen=True)
class Shop:
    """The server's address, and a client that fills its bucket."""

    address: str
    client: Any

    def put(self, key: str, content: str | bytes) -> None:
        """Write an object."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def refuse_everybody(self) -> None:
        """From now on keys are checked, and nobody has any."""
        requests.post(f"{self.address}/moto-api/reset-auth", data=b"0", timeout=10)


@contextmanager
def throw_away_s3() -> Iterator[Shop]:
    """A server with one empty bucket."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        requests.post(f"{address}/moto-api/reset", timeout=10)
        requests.post(f"{address}/moto-api/reset-auth", data=b"inf", timeout=10)
        client = boto3.client(
            "s3", endpoint_url=address, region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b"
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield Shop(address, client)
    finally:
        server.stop()
