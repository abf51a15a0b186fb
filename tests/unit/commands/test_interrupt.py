"""Signals in a command that takes long."""

import os
import signal

import pytest

from azure_scaleset.commands.interrupt import Interrupt
from azure_scaleset.rollout.pace import Cancelled


def test_signal_during_a_call_is_noted() -> None:
    """The call goes on, and the next pause does not begin."""
    interrupt = Interrupt()
    with interrupt.listening():
        os.kill(os.getpid(), signal.SIGTERM)
        assert interrupt.stop.is_set()
        with pytest.raises(Cancelled), interrupt.pausing():
            pytest.fail("the pause began")


def test_signal_during_a_pause_ends_it() -> None:
    """At once."""
    interrupt = Interrupt()

    def pause() -> None:
        with interrupt.pausing():
            os.kill(os.getpid(), signal.SIGINT)
            pytest.fail("the pause went on")

    with interrupt.listening(), pytest.raises(Cancelled):
        pause()


def test_second_signal_ends_the_process_and_afterwards_all_is_as_before() -> None:
    """After the first one the default handler is there; after the context, the handlers from before it."""
    before = signal.getsignal(signal.SIGINT)
    interrupt = Interrupt()
    with interrupt.listening():
        os.kill(os.getpid(), signal.SIGINT)
        during = signal.getsignal(signal.SIGINT)
    assert (during, signal.getsignal(signal.SIGINT)) == (signal.SIG_DFL, before)
