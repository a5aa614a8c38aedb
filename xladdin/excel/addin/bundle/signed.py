"""What an Authenticode signature says: whether the file is the one that was signed, and who signed.

The digest in the signature is compared with the file's; that the signature itself is the signer's is for Windows to
verify, which knows the roots of trust. Against a forger it is the digests in the lock file that protect.
"""

from __future__ import annotations

import hashlib
import struct

SIGNERS = (b"Python Software Foundation", b"Microsoft Corporation")
AMD64 = 0x8664
_DIGESTS = {"sha256": b"\x04\x20", "sha384": b"\x04\x30", "sha1": b"\x04\x14"}  # each as an OCTET STRING in DER


def is_program(data: bytes) -> bool:
    """Whether these are the bytes of a .exe, .dll or .pyd."""
    return data[:2] == b"MZ" and data[_header(data) :][:4] == b"PE\0\0"


def machine(data: bytes) -> int:
    """The processor a program is for, as AMD64."""
    return struct.unpack_from("<H", data, _header(data) + 4)[0]


def version(data: bytes) -> str:
    """A program's version as its resources have it, such as 3.13.2; "" where they have none."""
    at = data.find(struct.pack("<I", 0xFEEF04BD))  # VS_FIXEDFILEINFO
    if at < 0:
        return ""
    high, low = struct.unpack_from("<II", data, at + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{(low >> 16) // 1000}"  # Python's are 3.13.2150.1013 for 3.13.2


def fault(data: bytes) -> str:
    """Why a program is not one that a signer of SIGNERS has signed; "" where it is."""
    header = _header(data)
    wide = struct.unpack_from("<H", data, header + 24)[0] == 0x20B  # PE32+
    checksum, entry = header + 88, header + 24 + (144 if wide else 128)  # the entry of the certificates
    at, size = struct.unpack_from("<II", data, entry)
    if not at or at + size > len(data):
        return "没有签名"
    signature = data[at : at + size]
    parts = (data[:checksum], data[checksum + 4 : entry], data[entry + 8 : at], data[at + size :])
    for name, before in _DIGESTS.items():
        if before + hashlib.new(name, b"".join(parts)).digest() in signature:
            return "" if any(signer in signature for signer in SIGNERS) else "不是 Python 或微软签的名"
    return "和签名不符，被改过"


def _header(data: bytes) -> int:
    return struct.unpack_from("<I", data, 0x3C)[0] if len(data) > 0x40 else 0
