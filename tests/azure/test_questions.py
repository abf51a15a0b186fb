"""What only a subscription can tell: whether Azure does what the offline Azure does."""

import pytest

from tests.azure.cloud import Access, cloud_of
from tests.azure.questions import QUESTIONS, Question


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_azure_answers_as_the_offline_azure(question: Question, access: Access) -> None:
    """A failure here is news: the offline Azure is wrong, and perhaps what the library builds on it."""
    with cloud_of(access) as cloud:
        assert question.ask(cloud) == question.believed
