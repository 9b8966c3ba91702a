"""Signed releases: SSH and minisign signatures of the digests, PAdES of the PDF, which stays PDF/UA and PDF/A; a throw-away certificate."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import page
import pikepdf
import pytest
from msgspec import structs
from support.cases import in_process
from support.releases import GUIDELINE, TEXT, commit, run, write

from mmguide.archives import Trusted, verify
from mmguide.editions import prepare
from mmguide.release.archive import pack, unpack
from mmguide.release.manifest import MANIFEST, SUMS, digest, read_manifest
from mmguide.release.papers import sums
from mmguide.release.signing import checked_minisign, signature_of


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, git: str, minisign: str) -> Path:
    """A release signed with all of them."""
    base = tmp_path_factory.mktemp("signing")
    folder, keygen = base / "guideline", shutil.which("ssh-keygen")
    assert keygen
    write(folder, {"guideline.yaml": GUIDELINE.format(version="1.0.0", day="2026-11-20").replace("[html]", "[pdf]")})
    write(folder, {"sections/a.md": TEXT, "changes.yaml": "- {version: 1.0.0, summary: The first version.}\n"})
    write(folder, {"references.json": '[{"id": "one", "type": "article-journal", "title": "One"}]'})
    run(git, folder, "init", "--quiet", "--initial-branch=main")
    prepare(folder, "1.0.0", day=date(2026, 11, 20))
    commit(git, folder)
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(base / "key")], check=True)
    (base / "signers").write_text(f"somebody@example.org {(base / 'key.pub').read_text()}")
    subprocess.run([minisign, "-G", "-W", "-p", base / "mini.pub", "-s", base / "mini.key"], check=True, capture_output=True)
    (base / "own.p12").write_bytes(certificate())
    arguments = ["release", "1.0.0", "--project", str(folder), "-o", str(base / "out"), "--quiet"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MMGUIDE_SIGN_PASSPHRASE", "secret")
        keys = {"--sign-ssh": "key", "--sign-minisign": "mini.key", "--sign-pdf": "own.p12"}
        printed, status = in_process([*arguments, *(part for name, key in keys.items() for part in (name, str(base / key)))])
    assert (status, printed) == (0, "")
    return base / "out" / "small-1.0.0"


def certificate() -> bytes:
    """A certificate that nobody trusts, and its key, as PKCS#12."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    begun = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    dated = begun.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = dated.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(b"own", key, made, None, BestAvailableEncryption(b"secret"))


def test_all_signatures_hold_and_it_is_made_again(signed: Path) -> None:
    base = signed.parents[1]
    trusted = ["--allowed-signers", str(base / "signers"), "--minisign-key", str(base / "mini.pub")]
    printed, status = in_process(["release", "verify", "--rebuild", *trusted, str(signed)])
    assert status == 0, printed
    assert "SHA256SUMS.minisig: Signature and comment signature verified" in printed
    assert 'Good "mmguide-release" signature for somebody@example.org' in printed
    assert "small-1.0.0.pdf: signed by Common Name: Somebody" in printed
    assert "byte for byte the same" in printed


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_signed_file_keeps_its_standards(signed: Path, profile: str) -> None:
    report = page.validate_pdf_bytes((signed / "small-1.0.0.pdf").read_bytes(), profile=profile)
    assert [f"{each.rule_id}: {each.message}" for each in report.failures] == []
    assert report.rules.total > 90


def test_the_signed_file_begins_with_the_unsigned_one(signed: Path) -> None:
    told = read_manifest((signed / MANIFEST).read_bytes())
    assert not isinstance(told, str)
    entry = next(e for e in told.files if e.path == "small-1.0.0.pdf")
    content = (signed / entry.path).read_bytes()
    assert entry.unsigned_size is not None
    assert digest(content[: entry.unsigned_size]) == entry.unsigned_sha256
    with pikepdf.open(signed / entry.path) as opened:
        assert str(opened.Root.AcroForm.Fields[0].V.SubFilter) == "/ETSI.CAdES.detached"
    for path in signed.rglob("*.pdf"):
        assert (found := signature_of(path.read_bytes())) is not None, path
        assert found.intact


def test_digests_that_were_made_to_fit_are_seen_by_the_signature(signed: Path, tmp_path: Path) -> None:
    archive = unpack((signed / "small-1.0.0.zip").read_bytes())
    files = dict(archive.files)
    files["sources/sections/a.md"] += b"\nMore.\n"
    told = read_manifest(files[MANIFEST])
    assert not isinstance(told, str)
    size, value = len(files["sources/sections/a.md"]), digest(files["sources/sections/a.md"])
    entries = tuple(structs.replace(e, size=size, sha256=value) if e.path == "sources/sections/a.md" else e for e in told.files)
    files[MANIFEST] = structs.replace(told, files=entries).json_bytes()
    files[SUMS] = sums({name: content for name, content in files.items() if name not in (SUMS, "SHA256SUMS.sig")})
    forged = tmp_path / "forged.zip"
    forged.write_bytes(pack(archive.top, files, archive.moment))
    found = verify(forged, trusted=Trusted(minisign=signed.parents[1] / "mini.pub")).faults
    assert [fault.split(":")[0] for fault in found] == ["SHA256SUMS.sig", "SHA256SUMS.minisig"]


def test_minisign_by_itself_verifies_the_folder(signed: Path, minisign: str) -> None:
    command = [minisign, "-V", "-p", signed.parents[1] / "mini.pub", "-m", signed / SUMS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Trusted comment: mmguide-release" in done.stdout
    subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=signed, check=True)


def test_another_minisign_key_is_refused_and_so_is_none(signed: Path, minisign: str, tmp_path: Path) -> None:
    subprocess.run([minisign, "-G", "-W", "-p", tmp_path / "p", "-s", tmp_path / "s"], check=True, capture_output=True)
    printed, status = in_process(["release", "verify", "--minisign-key", str(tmp_path / "p"), str(signed)])
    assert status == 1
    assert "error: SHA256SUMS.minisig: Signature key id in" in printed
    archive = unpack((signed / "small-1.0.0.zip").read_bytes())
    files = {name: content for name, content in archive.files.items() if not name.endswith(".minisig")}
    (tmp_path / "bare.zip").write_bytes(pack(archive.top, files, archive.moment))
    printed, status = in_process(["release", "verify", "--minisign-key", str(tmp_path / "p"), str(tmp_path / "bare.zip")])
    assert (status, "SHA256SUMS.minisig: it is missing" in printed) == (1, True)


def test_the_passphrase_of_a_minisign_key_is_asked_for_where_it_is_seen(minisign: str, tmp_path: Path) -> None:
    made = [minisign, "-G", "-p", tmp_path / "p", "-s", tmp_path / "s"]
    subprocess.run(made, input="secret\nsecret\n", check=True, capture_output=True, text=True)
    code = (
        "import sys; from pathlib import Path; from mmguide.release.signing import Keys, signatures; "
        f"sys.stdout.buffer.write(signatures(b'sums', Keys(minisign=Path({str(tmp_path / 's')!r})))['SHA256SUMS.minisig'])"
    )
    done = subprocess.run([sys.executable, "-c", code], input="secret\n", capture_output=True, text=True, check=True)
    assert "password" in done.stderr
    (tmp_path / "pub").write_bytes((tmp_path / "p").read_bytes())
    assert checked_minisign(b"sums", done.stdout.encode(), tmp_path / "pub")[0]
    assert not checked_minisign(b"other sums", done.stdout.encode(), tmp_path / "pub")[0]


def test_a_key_that_is_not_allowed_and_one_that_is_none(signed: Path, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("")
    printed, status = in_process(["release", "verify", "--allowed-signers", str(tmp_path / "none"), str(signed)])
    assert status == 1
    assert "not among the allowed signers" in printed
    (tmp_path / "own.p12").write_bytes(b"no certificate")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MMGUIDE_SIGN_PASSPHRASE", "")
        printed, status = in_process(["release", "1.0.0", "--project", str(tmp_path), "--sign-pdf", str(tmp_path / "own.p12")])
    assert status == 2
    assert "own.p12" in printed
