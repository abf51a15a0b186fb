"""The policy pack as a process of its own, asked over gRPC as the engine asks it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

CHECKOUT = Path(__file__).parents[2]
MODEL = CHECKOUT / "tests" / "fixtures" / "models" / "rest-boot-diagnostics.yaml"
TOKEN = "azure-native:compute:VirtualMachineScaleSet"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PASSWORD = "Hunter-2-hunter"
Violation = tuple[str, str, str]


class Pack:
    """The pack's server."""

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    def about(self, inputs: dict[str, Any], token: str = TOKEN) -> list[Violation]:
        """Policy, level and rule of each violation of one resource."""
        answer = self._stub.Analyze(
            analyzer_pb2.AnalyzeRequest(type=token, name="web", urn=f"urn::{token}::web", properties=struct(inputs))
        )
        return violations(answer)

    def texts(self, inputs: dict[str, Any]) -> str:
        """All that is told of one resource."""
        answer = self._stub.Analyze(analyzer_pb2.AnalyzeRequest(type=TOKEN, name="web", urn="urn::web", properties=struct(inputs)))
        return "\n".join(each.message for each in answer.diagnostics)

    def about_stack(self, *resources: analyzer_pb2.AnalyzerResource) -> list[Violation]:
        """The same of a stack."""
        return violations(self._stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources)))

    def configure(self, **policies: list[str]) -> None:
        """Sets the ignored rules of policies, by their name with `_` for `-`."""
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for name, ignored in policies.items():
            policy = request.policyConfig[name.replace("_", "-")]
            policy.properties.CopyFrom(struct({"ignoreRules": ignored}))
            policy.enforcementLevel = analyzer_pb2.MANDATORY
        self._stub.Configure(request)


def struct(values: dict[str, Any]) -> Struct:
    """A message of plain values."""
    made = Struct()
    made.update(values)
    return made


def violations(answer: analyzer_pb2.AnalyzeResponse) -> list[Violation]:
    """Policy, level and rule of each."""
    levels = analyzer_pb2.EnforcementLevel
    return [
        (each.policyName, levels.Name(each.enforcementLevel), each.message.split("\n")[-1].split(":")[0]) for each in answer.diagnostics
    ]


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    """The pack, started as `python __main__.py`; it prints its port."""
    with subprocess.Popen([sys.executable, str(CHECKOUT / "policy" / "__main__.py")], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            yield Pack(analyzer_pb2_grpc.AnalyzerStub(channel))
        process.terminate()


@pytest.fixture
def model() -> dict[str, Any]:
    """The inputs of a set that Azure accepts."""
    inputs: dict[str, Any] = yaml.safe_load(MODEL.read_text())["inputs"]
    return inputs


def test_a_set_that_azure_accepts_passes(pack: Pack, model: dict[str, Any]) -> None:
    """Nothing mandatory is reported."""
    assert [each for each in pack.about(model) if each[1] == "MANDATORY"] == []


def test_a_set_that_azure_refuses_is_mandatory(pack: Pack, model: dict[str, Any]) -> None:
    """By the policy of errors alone, with the rule's id."""
    model["scaleInPolicy"] = {"rules": ["YoungestVM"]}

    assert ("scale-set-errors", "MANDATORY", "R5") in pack.about(model)
    assert [each for each in pack.about(model) if each[0] != "scale-set-errors" and each[2] == "R5"] == []


def test_a_warning_is_advisory(pack: Pack) -> None:
    """A balancer that doesn't state its SKU."""
    assert pack.about({"loadBalancerName": "lb"}, "azure-native:network:LoadBalancer") == [("scale-set-warnings", "ADVISORY", "L8")]


def test_other_resources_are_left_alone(pack: Pack) -> None:
    """A load balancer of another provider."""
    assert pack.about({}, "aws:lb:LoadBalancer") == []


def test_what_is_not_known_is_not_judged(pack: Pack, model: dict[str, Any]) -> None:
    """An unknown value beside a wrong one: the wrong one is found, and no policy gives up."""
    model["scaleInPolicy"] = {"rules": ["YoungestVM"]}
    model["sku"]["name"] = UNKNOWN
    model["virtualMachineProfile"]["storageProfile"] = UNKNOWN

    assert [each for each in pack.about(model) if each[1] == "MANDATORY"] == [("scale-set-errors", "MANDATORY", "R5")]


def test_a_secret_is_read_and_not_told(pack: Pack, model: dict[str, Any]) -> None:
    """A password that Azure refuses."""
    marked = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": PASSWORD[:5]}
    model["virtualMachineProfile"]["osProfile"]["adminPassword"] = marked

    told = pack.texts(model)

    assert "virtualMachineProfile.osProfile.adminPassword" in told
    assert PASSWORD[:5] not in told


def test_ignored_rules_are_not_reported(pack: Pack, model: dict[str, Any]) -> None:
    """By the configuration of the policy."""
    model["scaleInPolicy"] = {"rules": ["YoungestVM"]}
    try:
        pack.configure(scale_set_errors=["r5"])
        assert [each for each in pack.about(model) if each[2] == "R5"] == []
    finally:
        pack.configure(scale_set_errors=[])


def test_a_set_and_its_autoscale_are_checked_together(pack: Pack, model: dict[str, Any]) -> None:
    """A stack's policy: the setting's target is its dependency, as in a preview where nothing has an id."""
    model["singlePlacementGroup"] = True
    scale_set = analyzer_pb2.AnalyzerResource(type=TOKEN, name="web", urn="urn::set", properties=struct(model))
    setting = {"targetResourceUri": UNKNOWN, "profiles": [{"capacity": {"minimum": "1", "maximum": "300", "default": "1"}}]}
    autoscale = analyzer_pb2.AnalyzerResource(
        type="azure-native:monitor:AutoscaleSetting", name="auto", urn="urn::auto", properties=struct(setting)
    )
    autoscale.propertyDependencies["targetResourceUri"].urns.append("urn::set")

    assert ("scale-set-relation-errors", "MANDATORY", "A3") in pack.about_stack(scale_set, autoscale)
    assert pack.about_stack(scale_set) == []
