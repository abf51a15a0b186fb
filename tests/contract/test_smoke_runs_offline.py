"""The questions to a real Azure run, and the offline Azure's answers are what they say that it answers."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from offline.arm import agenda
from offline.arm.store import Store
from offline.workspace import azure_file
from tests.azure.cloud import Access, cloud_of
from tests.azure.questions import QUESTIONS, Question
from tests.contract.conftest import SUBSCRIPTION


@pytest.fixture
def access(served: dict[str, str], client_options: dict[str, Any]) -> Access:
    """The offline Azure over https, in which waiting moves the virtual clock."""
    home = Path(served["REQUESTS_CA_BUNDLE"]).parents[1]

    def wait(seconds: float) -> None:
        with closing(Store(azure_file(home))) as store, store.transaction():
            store.advance(seconds)
            agenda.settle(store)

    return Access(
        credential=client_options["credential"],
        subscription=SUBSCRIPTION,
        region="westeurope",
        blob_endpoint=served["OFFLINE_ARM_ENDPOINT"] + "/_blob/{account}",
        wait=wait,
        image_versions=lambda _: ("24.04.202509180", "24.04.202510010"),
        client_options={name: value for name, value in client_options.items() if name != "credential"},
    )


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_the_offline_azure_answers_as_believed(question: Question, access: Access) -> None:
    """What a real Azure is asked is asked whole, and answered as the library relies on."""
    with cloud_of(access) as cloud:
        assert question.ask(cloud) == question.believed
