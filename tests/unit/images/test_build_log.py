"""Where a build's log is, and what is shown of it."""

import pytest

from azure_scaleset.images.build import Run, failure, last_run
from azure_scaleset.images.build_log import Place, ending, place


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "… please review the build log. Image Build log location: https://abc.blob.core.windows.net/packerlogs/1-2/customization.log. OriginalRequestURI",
            Place("abc", "packerlogs", "1-2/customization.log"),
        ),
        (
            "Packer build logs are at location /subscriptions/s/resourceGroups/IT_g/providers/Microsoft.Storage/storageAccounts/abc/blobServices/default/"
            "containers/packerlogs/1-2/customization.log. Please navigate",
            Place("abc", "packerlogs", "1-2/customization.log"),
        ),
        ("The identity has no rights.", None),
    ],
)
def test_the_message_of_a_run_tells_where_its_log_is(message: str, expected: Place | None) -> None:
    """As an address or by the resource id of the account; some failures have no log."""
    assert place(message) == expected


def test_the_last_lines_that_say_something_are_shown() -> None:
    """Empty lines aren't."""
    assert ending("".join(f"line {n}\r\n\n" for n in range(30))) == [f"line {n}" for n in range(10, 30)]


def test_a_failure_names_the_state_the_reason_the_log_and_what_to_do() -> None:
    """One after the other."""
    assert failure("web-1", Run("Failed", "Customizing", "it failed"), None, ["E: no such package"]).splitlines() == [
        "the build web-1 ended as Failed: it failed",
        "The last lines of its log:",
        "    E: no such package",
        "Next: mend the step, then `pulumi up`: an edited recipe is built anew, the same one is run once more.",
    ]


def test_a_template_that_never_ran_has_no_run() -> None:
    """Nor one that goes on."""
    assert last_run({"properties": {}}) == Run("", "", "")
    assert last_run({"properties": {"lastRunStatus": {"runState": "Running", "runSubState": "Building"}}}).goes_on
