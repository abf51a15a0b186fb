"""What the program knows as secret is masked in what is printed."""

import asyncio

import pulumi

from azure_scaleset.secrecy import masked, secret_texts


def test_secrets_and_their_longer_words_are_masked() -> None:
    """Also a part of a command that was secret as a whole; what is plain stays, and what is too short to be told from other text."""

    async def found() -> set[str]:
        return await secret_texts(
            {
                "plain": "Correct",
                "command": pulumi.Output.secret("install --password 'Correct1horse'"),
                "nested": [{"key": pulumi.Output.secret("abc")}],
            }
        )

    secrets = asyncio.run(found())
    assert secrets == {"install --password 'Correct1horse'", "--password", "Correct1horse"}
    assert masked("E: Correct1horse was refused, Correct stays", secrets) == "E: [secret] was refused, Correct stays"
