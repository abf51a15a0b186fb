"""What cloud-init gets, composed of parts; the real cloud-init judges it where the machine has one."""

import base64
import gzip
import json
import random
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from azure_scaleset.payload.cloud_init import compose, encode_custom_data
from azure_scaleset.payload.problems import PayloadError

needs_cloud_init = pytest.mark.skipif(
    shutil.which("cloud-init") is None, reason="cloud-init is not installed (Debian: apt-get install cloud-init)"
)

READ_BY_CLOUD_INIT = """
import json, sys
from cloudinit import helpers, user_data
paths = helpers.Paths({"cloud_dir": sys.argv[1], "run_dir": sys.argv[1]})
message = user_data.UserDataProcessor(paths).process(sys.stdin.buffer.read())
parts = [part for part in message.walk() if part.get_content_maintype() != "multipart"]
print(json.dumps([[part.get_content_type(), part.get_filename(), part.get_payload(decode=True).decode()] for part in parts]))
"""


def read_by_cloud_init(data: bytes, folder: Path) -> list[list[str]]:
    """Type, file name and text of the parts as cloud-init's own code takes *data* apart. It belongs to the system's Python."""
    run = subprocess.run(["/usr/bin/python3", "-c", READ_BY_CLOUD_INIT, str(folder)], input=data, capture_output=True, check=True)
    found: list[list[str]] = json.loads(run.stdout)
    return found


def problems_of(*parts: Mapping[str, Any], base: Path = Path()) -> list[str]:
    """What `compose` finds wrong."""
    with pytest.raises(PayloadError) as raised:
        compose(parts, base)
    return raised.value.problems


def test_cloud_config_parts_are_merged(tmp_path: Path) -> None:
    """Lists are appended, maps merged, keys stay in order; several lines become a literal block, Unicode and ambiguous words stay text."""
    (tmp_path / "base.yaml").write_text("#cloud-config\r\npackages: [nginx]\r\nusers: &u\r\n  - default\r\ngroups: {web: {a: 1}}\r\n")
    parts: list[dict[str, Any]] = [
        {"file": "base.yaml"},
        {
            "cloudConfig": {
                "packages": ["jq"],
                "groups": {"web": {"a": 1, "b": "yes"}},
                "write_files": [{"path": "/a", "content": "grüße\nx\n"}],
            }
        },
    ]
    assert compose(parts, tmp_path).decode() == (
        "#cloud-config\n"
        "packages:\n  - nginx\n  - jq\n"
        "users:\n  - default\n"
        "groups:\n  web:\n    a: 1\n    b: 'yes'\n"
        "write_files:\n  - path: /a\n    content: |\n      grüße\n      x\n"
    )


def test_what_is_set_twice_must_agree() -> None:
    """Every contradiction is named with both parts; equal values are none; `true` and 1 are different."""
    assert problems_of(
        {"cloudConfig": {"timezone": "UTC", "ntp": {"enabled": True}, "packages": ["a"], "locale": "C"}},
        {"cloudConfig": {"timezone": "CET", "ntp": {"enabled": 1}, "packages": "b", "locale": "C"}},
    ) == [
        "'timezone' is 'UTC' in cloudInit[0] and 'CET' in cloudInit[1]. Set it in one of them.",
        "'ntp.enabled' is True in cloudInit[0] and 1 in cloudInit[1]. Set it in one of them.",
        "'packages' is a list in cloudInit[0] and 'b' in cloudInit[1]. Set it in one of them.",
    ]


def test_merging_leaves_the_parts_alone() -> None:
    """The caller's own lists and maps do not grow."""
    first: dict[str, Any] = {"cloudConfig": {"packages": ["a"], "groups": {"web": {"x": [1]}}}}
    compose([first, {"cloudConfig": {"packages": ["b"], "groups": {"web": {"x": [2]}}}}], Path())
    assert first == {"cloudConfig": {"packages": ["a"], "groups": {"web": {"x": [1]}}}}


def test_file_alone_goes_as_it_is(tmp_path: Path) -> None:
    """Nothing is to be merged, so comments and layout stay; only line ends are those of Linux."""
    (tmp_path / "cloud-init.txt").write_bytes(b"#cloud-config\r\n# ours\r\npackages: [ nginx ]\r\n")
    assert compose([{"file": "cloud-init.txt"}], tmp_path) == b"#cloud-config\n# ours\npackages: [ nginx ]\n"


def test_script_alone_needs_no_message() -> None:
    """A script is a document of cloud-init by itself; `#!/bin/sh` when it names no interpreter."""
    assert compose([{"script": "echo\r\n"}], Path()) == b"#!/bin/sh\necho\n"
    assert compose([{"script": "#!/bin/bash\necho\n"}], Path()) == b"#!/bin/bash\necho\n"


@needs_cloud_init
def test_cloud_init_reads_the_message(tmp_path: Path) -> None:
    """Mixed formats: cloud-init's own code finds each part with its type, its order and its text, beyond ASCII too."""
    (tmp_path / "boot.txt").write_text("#cloud-boothook\necho boot\n")
    (tmp_path / "nested.mime").write_bytes(compose([{"script": "echo nested\n"}, {"cloudConfig": {"locale": "C"}}], tmp_path))
    parts: list[dict[str, Any]] = [
        {"script": "echo 'grüße 東京'\n"},
        {"cloudConfig": {"packages": ["a"]}},
        {"file": "boot.txt"},
        {"cloudConfig": {"packages": ["b"]}},
        {"file": "nested.mime"},
    ]
    assert read_by_cloud_init(compose(parts, tmp_path), tmp_path) == [
        ["text/cloud-config", "part-001", "#cloud-config\npackages:\n  - a\n  - b\n"],
        ["text/x-shellscript", "part-002", "#!/bin/sh\necho 'grüße 東京'\n"],
        ["text/cloud-boothook", "part-003", "#cloud-boothook\necho boot\n"],
        ["text/x-shellscript", "part-001", "#!/bin/sh\necho nested\n"],
        ["text/cloud-config", "part-002", "#cloud-config\nlocale: C\n"],
    ]


def test_message_is_stable() -> None:
    """The boundary is made of the content, so the same parts give the same bytes, and line ends are LF."""
    parts: list[dict[str, Any]] = [{"script": "echo\n"}, {"cloudConfig": {"locale": "C"}}]
    boundary = compose(parts, Path()).decode().split('"')[1]
    assert compose(parts, Path()).decode() == (
        f'Content-Type: multipart/mixed; boundary="{boundary}"\nMIME-Version: 1.0\n\n'
        f'--{boundary}\nContent-Type: text/x-shellscript; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n'
        'Content-Disposition: attachment; filename="part-001"\n\n#!/bin/sh\necho\n\n'
        f'--{boundary}\nContent-Type: text/cloud-config; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n'
        'Content-Disposition: attachment; filename="part-002"\n\n#cloud-config\nlocale: C\n\n'
        f"--{boundary}--\n"
    )


@pytest.mark.parametrize(
    ("header", "content_type"),
    [
        ("#include\nhttps://x/y\n", "text/x-include-url"),
        ("#include-once\nhttps://x/y\n", "text/x-include-once-url"),
        ("#part-handler\n", "text/part-handler"),
        ("#cloud-config-archive\n[]\n", "text/cloud-config-archive"),
        ("#cloud-config-jsonp\n[]\n", "text/cloud-config-jsonp"),
        ("## template: jinja\n#cloud-config\n", "text/jinja2"),
        ("#!/usr/bin/env python3\n", "text/x-shellscript"),
    ],
)
def test_formats_are_told_by_their_header(tmp_path: Path, header: str, content_type: str) -> None:
    """Each of cloud-init's formats keeps its type in a message."""
    (tmp_path / "part").write_text(header)
    assert f"Content-Type: {content_type};" in compose([{"file": "part"}, {"script": "echo\n"}], tmp_path).decode()


def test_template_values_stay_in_their_place(tmp_path: Path) -> None:
    """A value keeps its type where it stands alone, cannot break out of the YAML, and the shell's own `$` are left alone."""
    (tmp_path / "t.yaml").write_text("#cloud-config\nport: ${port}\nname: ${name}\nruncmd:\n  - echo $HOME ${name} $${name} $(id) ${on}\n")
    part = {"template": {"file": "t.yaml", "values": {"port": 80, "name": "a: [b\nc", "on": True}}}
    assert yaml.safe_load(compose([part], tmp_path)) == {
        "port": 80,
        "name": "a: [b\nc",
        "runcmd": ["echo $HOME a: [b\nc ${name} $(id) true"],
    }


def test_template_of_a_script(tmp_path: Path) -> None:
    """Other formats are filled in as text."""
    (tmp_path / "t.sh").write_text("#!/bin/sh\r\necho ${port} $PORT\r\n")
    assert compose([{"template": {"file": "t.sh", "values": {"port": 80}}}], tmp_path) == b"#!/bin/sh\necho 80 $PORT\n"


def test_templates_are_strict(tmp_path: Path) -> None:
    """A placeholder without value and a value without placeholder are errors, with the nearest name."""
    (tmp_path / "t.yaml").write_text("#cloud-config\nruncmd: ['${image} ${port}']\n")
    assert problems_of({"template": {"file": "t.yaml", "values": {"imgae": "x", "port": []}}}, base=tmp_path) == [
        "cloudInit[0] (t.yaml) uses ${image}, for which `values` has nothing. Did you mean 'imgae'? A literal '${' is written '$${'.",
        "`values.imgae` is used nowhere in cloudInit[0] (t.yaml). Did you mean 'image'? Remove it, or use it as ${imgae}.",
        "`values.port` is a list; expected a string, a number or a boolean.",
    ]


def test_wrong_parts_are_all_named(tmp_path: Path) -> None:
    """A part is one thing, and everything that is wrong with all parts is said at once."""
    (tmp_path / "plain.txt").write_text("packages: [nginx]\n")
    (tmp_path / "twice.yaml").write_text("#cloud-config\nruncmd: []\nruncmd: [a]\n")
    (tmp_path / "list.yaml").write_text("#cloud-config\n- a\n")
    forms = "cloudConfig, file, script, template"
    assert problems_of(
        {"script": "a", "file": "b"},
        {},
        {"scripts": "a"},
        {"file": "plain.txt"},
        {"file": "twice.yaml"},
        {"file": "list.yaml"},
        {"cloudConfig": ["a"]},
        {"script": 1},
        {"template": {"file": "x", "vals": {}}},
        base=tmp_path,
    ) == [
        f"cloudInit[0] needs exactly one of {forms}; given: script and file. Make each a part of its own.",
        f"cloudInit[1] needs exactly one of {forms}; given: none. Make each a part of its own.",
        f"cloudInit[2] has the unknown key 'scripts'. Did you mean 'script'? Known: {forms}.",
        "cloudInit[3] (plain.txt) begins with 'packages: [nginx]', which cloud-init ignores. Begin it with #cloud-config, #! or another of its headers.",
        "cloudInit[4] (twice.yaml) is not valid YAML: the key 'runcmd' is given twice in \"<unicode string>\", line 3, column 1: runcmd: [a] ^.",
        "cloudInit[5] (list.yaml) holds a list; a cloud-config is a map, such as `packages: [nginx]`.",
        "cloudInit[6].cloudConfig is a list; expected a map, such as `packages: [nginx]`.",
        "cloudInit[7].script is a int; expected text.",
        "cloudInit[8].template has the unknown key 'vals'. Known: file, values.",
    ]
    assert problems_of() == ["cloudInit has no parts. Give one, or leave cloudInit out."]


def test_compressed_only_when_it_must_be() -> None:
    """65 535 bytes go plain, one more is compressed: without time, name and system, so that every run gives the same."""
    start = len("#!/bin/sh\n")
    fits = compose([{"script": "#" * (65_535 - start)}], Path())
    packed = compose([{"script": "#" * (65_536 - start)}], Path())
    assert len(fits) == 65_535
    assert packed[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    assert gzip.decompress(packed) == b"#!/bin/sh\n" + b"#" * (65_536 - start)


def test_size_is_checked_where_azure_checks_it() -> None:
    """65 535 bytes are 87 380 characters; one more byte is refused, with how much is too much."""
    assert len(encode_custom_data(b"\0" * 65_535)) == 87_380
    with pytest.raises(PayloadError) as raised:
        encode_custom_data(b"\x1f\x8b" + b"\0" * 66_000)
    assert raised.value.problems == [
        "customData is 66,002 bytes after compression; Azure takes at most 65,535: 467 too many. "
        "Move large files out of cloud-init: into a Custom Script extension, or into the image."
    ]


def test_incompressible_content_is_refused() -> None:
    """What does not fit even compressed is an error, not a truncated document."""
    noise = base64.b64encode(random.Random(1).randbytes(100_000)).decode()
    with pytest.raises(PayloadError, match=r"^customData is .* bytes after compression; Azure takes at most 65,535: .* too many\."):
        encode_custom_data(compose([{"script": noise}], Path()))


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=9)
)
DOCUMENTS = st.dictionaries(
    st.text("abc é:#", min_size=1, max_size=4), st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3)), max_size=4
)


@given(DOCUMENTS)
def test_yaml_gives_back_what_was_written(document: dict[str, Any]) -> None:
    """Whatever the strings look like, a YAML reader finds the same document."""
    assert yaml.safe_load(compose([{"cloudConfig": document}], Path())) == document


@needs_cloud_init
def test_cloud_init_accepts_the_merged_document(tmp_path: Path) -> None:
    """The real `cloud-init schema` finds nothing wrong with a merged document."""
    files = [{"path": "/a", "content": "grüße\n- x: [\n\ttab\n", "permissions": "0644"}]
    parts: list[dict[str, Any]] = [
        {"cloudConfig": {"packages": ["nginx"], "write_files": files}},
        {"cloudConfig": {"runcmd": [["true"], "echo\n"], "package_update": True}},
    ]
    (tmp_path / "merged.yaml").write_bytes(compose(parts, tmp_path))
    run = subprocess.run(["cloud-init", "schema", "--config-file", tmp_path / "merged.yaml"], capture_output=True, text=True)
    assert (run.returncode, run.stdout.split("\n")[0]) == (0, f"Valid cloud-config: {tmp_path / 'merged.yaml'}"), run.stderr
