"""Stage release, signing: PAdES signatures of PDF files with a person's certificate, and of SHA256SUMS with an SSH or minisign key."""

from __future__ import annotations

import io
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mmguide.errors import EnvironmentLacks, UsageError

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

NAMESPACE = "mmguide-release"
FIELD = "Release"
SSH_SIGNATURE, MINISIGN_SIGNATURE = "SHA256SUMS.sig", "SHA256SUMS.minisig"


class Keys(Struct, frozen=True):
    """With what a release is signed: a PKCS#12 file and its passphrase for the PDF files, an SSH key, a minisign key."""

    certificate: Path | None = None
    passphrase: str = ""
    ssh: Path | None = None
    minisign: Path | None = None


def signer(keys: Keys) -> SimpleSigner | None:
    """Who signs the PDF files, None where no certificate is named. Raises UsageError where it cannot be opened."""
    if keys.certificate is None:
        return None
    try:
        from pyhanko.sign.signers import SimpleSigner
    except ImportError as error:
        raise EnvironmentLacks(
            "pyHanko, which signs PDF files, is not installed", "install it: pip install 'mmguide[sign]'"
        ) from error
    try:
        made: SimpleSigner | None = SimpleSigner.load_pkcs12_data(
            keys.certificate.read_bytes(), other_certs=[], passphrase=keys.passphrase.encode() or None
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{keys.certificate} cannot be opened: {error}", "name a PKCS#12 file, and give its passphrase"
        ) from error
    if made is None:
        raise UsageError(f"{keys.certificate} holds no key and certificate", "export both as a PKCS#12 file (.p12)")
    return made


def signed_pdf(content: bytes, who: SimpleSigner, reason: str) -> bytes:
    """The PDF with a signature behind it (PAdES baseline B-B): its own bytes stand unchanged at the beginning.

    The field stands outside the page, so that no page looks otherwise and no screen reader meets it. The time is that of signing.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    class KeepingMetadata(IncrementalPdfFileWriter):
        """Leaves the XMP packet alone: pyHanko writes it in another form, in which PDF/A no longer finds what it declares."""

        def _update_meta(self) -> None:
            return

    about = PdfSignatureMetadata(FIELD, md_algorithm="sha256", reason=reason, subfilter=SigSeedSubFilter.PADES)
    place = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    field = SigFieldSpec(FIELD, invis_sig_settings=place, readable_field_name=reason)
    out = io.BytesIO()
    PdfSigner(about, signer=who, new_field_spec=field).sign_pdf(KeepingMetadata(io.BytesIO(content)), output=out)
    return out.getvalue()


class PdfSignature(Struct, frozen=True):
    """Who signed a PDF file, by the name in the certificate, and whether it is as it was then. Whom to trust is the reader's to say."""

    name: str
    intact: bool


def signature_of(content: bytes) -> PdfSignature | None:
    """The signature of a PDF file, None where there is none or pyHanko is not installed."""
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext
    except ImportError:
        return None
    found = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if not found:
        return None
    with _quiet():
        status = validate_pdf_signature(found[0], ValidationContext(trust_roots=[], allow_fetching=False))
    return PdfSignature(found[0].signer_cert.subject.human_friendly, bool(status.intact and status.valid))


@contextmanager
def _quiet() -> Iterator[None]:
    """pyHanko logs that nobody named a trusted root; that is said elsewhere."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def signatures(sums: bytes, keys: Keys) -> dict[str, bytes]:
    """The signatures of SHA256SUMS by file name, made with the programs of the keys. Raises UsageError where one of them refuses."""
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="mmguide-sign-") as folder:
        text = Path(folder) / "SHA256SUMS"
        text.write_bytes(sums)
        if keys.ssh is not None:
            _run(["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(keys.ssh), str(text)], "openssh-client")
            made[SSH_SIGNATURE] = text.with_name(SSH_SIGNATURE).read_bytes()
        if keys.minisign is not None:
            _run(["minisign", "-S", "-s", str(keys.minisign), "-m", str(text), "-t", NAMESPACE], "minisign")
            made[MINISIGN_SIGNATURE] = text.with_name(MINISIGN_SIGNATURE).read_bytes()
    return made


def checked_ssh(sums: bytes, signature: bytes, signers: Path | None) -> tuple[bool, str]:
    """Whether an SSH signature holds, and what ssh-keygen says: by whom, where a file of allowed signers is given, else by which key."""
    with tempfile.TemporaryDirectory(prefix="mmguide-sign-") as folder:
        kept = Path(folder) / SSH_SIGNATURE
        kept.write_bytes(signature)
        command = ["ssh-keygen", "-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(kept)]
        if signers is not None:
            listed = subprocess.run(
                [_tool("ssh-keygen", "openssh-client"), "-Y", "find-principals", "-s", str(kept), "-f", str(signers)],
                capture_output=True,
                text=True,
                check=False,
            )
            who = (listed.stdout.splitlines() or [""])[0]
            if listed.returncode or not who:
                return False, "the key that made it is not among the allowed signers"
            command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-s", str(kept), "-f", str(signers), "-I", who]
        done = subprocess.run([_tool(command[0], "openssh-client"), *command[1:]], input=sums, capture_output=True, check=False)
        told = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()
        return done.returncode == 0, told[0] if told else ""


def checked_minisign(sums: bytes, signature: bytes, key: Path) -> tuple[bool, str]:
    """Whether a minisign signature holds under the public key in the file `key`, and what minisign says."""
    with tempfile.TemporaryDirectory(prefix="mmguide-sign-") as folder:
        text, kept = Path(folder) / "SHA256SUMS", Path(folder) / MINISIGN_SIGNATURE
        text.write_bytes(sums)
        kept.write_bytes(signature)
        command = [_tool("minisign", "minisign"), "-V", "-p", str(key), "-m", str(text), "-x", str(kept)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        told = (done.stdout + done.stderr).strip().splitlines()
        return done.returncode == 0, told[0] if told else ""


def _tool(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise EnvironmentLacks(f"{name} is not installed", f"install the package {package}")
    return found


def _run(command: list[str], package: str) -> None:
    # What the program asks, such as for a passphrase, must be seen: on the stream that is not this program's answer.
    done = subprocess.run([_tool(command[0], package), *command[1:]], stdout=2, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        told = done.stderr.strip().splitlines()
        raise UsageError(f"{command[0]} did not sign: {told[-1] if told else 'no reason given'}", "name a key that it can use")
