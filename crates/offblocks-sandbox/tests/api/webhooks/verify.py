"""Checks recorded deliveries with PyPI's http-message-signatures: python verify.py others.jsonl"""

import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

COVERED = ("@method", "@authority", "@path", "content-digest")


class Request:
    def __init__(self, line):
        self.method, self.url, self.headers = line["method"], line["url"], dict(line["headers"])


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, line):
        self.line = line

    def resolve_public_key(self, key_id):
        assert key_id == self.line["keyId"], key_id
        return load_pem_public_key(self.line["publicKeyPem"].encode())


def accepted(line):
    algorithm = algorithms.ECDSA_P384_SHA384
    verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=Keys(line))
    body = line["body"].encode()
    try:
        # The recorded ones are old.
        verifier.verify(Request(line), max_age=None, require_components=COVERED, body=body)
    except HTTPMessageSignaturesException as error:
        return False, repr(error)
    return True, ""


def changed(line):
    """The line with another body, and with another signature."""
    headers = dict(line["headers"])
    signature = headers["signature"]
    headers["signature"] = signature[:8] + ("B" if signature[8] == "A" else "A") + signature[9:]
    return [{**line, "body": line["body"] + " "}, {**line, "headers": headers}]


for number, text in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    line = json.loads(text)
    verdict, reason = accepted(line)
    assert verdict, f"line {number} is rejected: {reason}"
    for other in changed(line):
        assert not accepted(other)[0], f"line {number} is accepted although it was changed"
    print(f"line {number} verifies")
